//! The endpoint over real HTTP on a free port: joining, synchronising, bad input, limits, the app, restored backups.

#[path = "it/support.rs"]
mod support;

#[path = "it/bad_input.rs"]
mod bad_input;
#[path = "it/command_line.rs"]
mod command_line;
#[path = "it/dispatch.rs"]
mod dispatch;
#[path = "it/example_forms.rs"]
mod example_forms;
#[path = "it/exporting.rs"]
mod exporting;
#[path = "it/forms.rs"]
mod forms;
#[path = "it/groups.rs"]
mod groups;
#[path = "it/importing.rs"]
mod importing;
#[path = "it/joining.rs"]
mod joining;
#[path = "it/limits.rs"]
mod limits;
#[path = "it/photos.rs"]
mod photos;
#[path = "it/place.rs"]
mod place;
#[path = "it/publishing.rs"]
mod publishing;
#[path = "it/recorded.rs"]
mod recorded;
#[path = "it/rescuing.rs"]
mod rescuing;
#[path = "it/restoring.rs"]
mod restoring;
#[path = "it/serving.rs"]
mod serving;
#[path = "it/syncing.rs"]
mod syncing;
#[path = "it/templates.rs"]
mod templates;
#[path = "it/typed.rs"]
mod typed;
#[path = "it/whole_forms.rs"]
mod whole_forms;
