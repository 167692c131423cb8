//! Forms in a story: filled in, left half done, corrected and withdrawn, while the desk publishes another version.

use super::Run;
use crate::link::NetFault;
use crate::people::{self, Saved};
use crate::run::Ended;
use crate::story::FormAct;
use bianfang::base::id::DocId;
use bianfang::client::view::{FormRecordRow, FormView};
use bianfang::form::read::Sheet;

/// Where a new instance is answered, and the other questions.
const ANIMAL: &str = "哪种";
const VERDICT: &str = "water/verdict";
const SAY: &str = "say";
const WALL: &str = "wall";
/// The field of the register that the verdict fills.
const WATER: &str = "water";

impl Run {
    /// The desk publishes the next version: another question in the place of the last version's.
    pub(super) fn publish(&mut self) -> bool {
        self.versions += 1;
        self.world.publish(&workbook(self.versions));
        true
    }

    /// What the desk published and the endpoint lost, the desk publishes again.
    pub(super) fn publish_again(&mut self) {
        for version in 1..=self.versions {
            self.world.publish(&workbook(version));
        }
    }

    pub(super) fn form(&mut self, phone: usize, household: usize, what: FormAct) -> bool {
        let id = self.world.households[household];
        match what {
            FormAct::Fill { finish, late } => {
                let form = self.offered(phone, id);
                form.is_some_and(|form| self.fill(phone, id, (&form, ""), late, Some(finish)))
            }
            FormAct::Leave => {
                let form = self.offered(phone, id);
                form.is_some_and(|form| self.fill(phone, id, (&form, ""), false, None))
            }
            FormAct::Correct { late } => {
                let row = self.latest_record(phone, id);
                row.is_some_and(|row| self.fill(phone, id, (&row.form, &row.record), late, Some(row.done)))
            }
            FormAct::Withdraw => {
                let Some(row) = self.latest_record(phone, id) else {
                    return false;
                };
                let withdrawn = people::withdraw_record(&self.world.phones[phone], &row);
                self.notice(phone, &Ended::Done(withdrawn));
                true
            }
            FormAct::Count => {
                people::count_due(&self.world.phones[phone]);
                self.versions > 0
            }
        }
    }

    /// The version that the phone offers for a new record.
    fn offered(&self, phone: usize, id: DocId) -> Option<String> {
        let offered = people::forms(&self.world.phones[phone], id)?.offered;
        offered.into_iter().next().map(|row| row.form)
    }

    fn latest_record(&self, phone: usize, id: DocId) -> Option<FormRecordRow> {
        let records = people::forms(&self.world.phones[phone], id)?.records.into_iter();
        let mut own = records.filter(|row| row.document == id.to_string());
        own.find(|row| row.void_reason.is_empty() && row.readable)
    }

    /// Opens a form, answers, and saves it or leaves it. `finish`: none leaves the draft.
    fn fill(&mut self, phone: usize, id: DocId, which: (&str, &str), late: bool, finish: Option<bool>) -> bool {
        let (form, record) = which;
        let register = people::open(&self.world.phones[phone], id, "own");
        let Some(Some(register)) = self.notice(phone, &register) else {
            return false;
        };
        let one = &self.world.phones[phone];
        let Some(view) = people::open_form(one, &id.to_string(), form, record) else {
            return false;
        };
        if view.form != form {
            let other = view.form;
            self.broken(format!("a record of {form} was opened with {other}"));
            return true;
        }
        // What stood in the register when the form was begun is what its author has seen.
        let draft = (phone, id, form.to_owned(), record.to_owned());
        let before = people::values_of(register, WATER);
        let seen = match view.resumed {
            true => self.drafts.get(&draft).cloned().unwrap_or(before),
            false => before,
        };
        self.drafts.insert(draft.clone(), seen.clone());
        let words = self.words("记录里的话");
        let Some((verdict, updated)) = self.answers(phone, &view, &words) else {
            return true;
        };
        let Some(finish) = finish else {
            return true;
        };
        if late {
            self.sync(phone, NetFault::None);
        }
        let saved = people::save_form(&self.world.phones[phone], finish);
        let done = Ended::Done(saved.is_some());
        if self.notice(phone, &done) == Some(&true) {
            self.drafts.remove(&draft);
            self.visits.push((phone, id, words));
            if record.is_empty() {
                self.new_records.push((phone, id, "records"));
            }
            if updated {
                self.saved.push(Saved {
                    phone,
                    household: id,
                    record: "own".into(),
                    key: WATER.into(),
                    value: verdict,
                    seen,
                });
            }
        }
        true
    }

    /// The verdict, and whether the register takes it; nothing where the phone could not keep the draft.
    fn answers(&mut self, phone: usize, view: &FormView, words: &str) -> Option<(String, bool)> {
        let verdict = ["达标", "不达标"][self.count as usize % 2].to_owned();
        let photo = photo(self.count);
        let one = &self.world.phones[phone];
        people::answer(one, VERDICT, &verdict)?;
        people::answer(one, SAY, words)?;
        let add = view.sections.iter().find(|section| section.may_add);
        let more = people::add_instance(one, &add?.add_place)?;
        let animal = more.items.iter().rev().find(|item| item.label == ANIMAL)?;
        people::answer(one, &animal.place, "羊")?;
        let last = people::answer(one, WALL, &photo)?;
        let updated = last.updates.iter().any(|update| update.to.zh == verdict);
        Some((verdict, updated))
    }
}

/// A photo as an answer names it.
fn photo(number: u64) -> String {
    let name = |number: u64| format!("{number:064x}");
    format!("{}:{}:1565830800000:200000", name(number), name(number + 1))
}

fn workbook(version: u64) -> [Sheet; 3] {
    let sheet = |name: &str, text: &str| Sheet {
        name: name.into(),
        rows: text
            .lines()
            .map(|line| line.split('|').map(str::to_owned).collect())
            .collect(),
    };
    let survey = format!(
        "type|name|label|required|save_to|prefill
begin group|water|饮水|||
select_one water|verdict|水够吃不|yes|water|
end group||||
text|say|原话|||last
begin repeat|animal|牲口|||
text|what|{ANIMAL}|||
end repeat||||
image|wall|墙的照片|||
text|only{version}|第{version}版的问题|||"
    );
    [
        sheet("survey", &survey),
        sheet("choices", "list_name|name|label\nwater|达标|达标\nwater|不达标|不达标"),
        sheet(
            "settings",
            &format!("form_id|version|form_title|subject|due\nwater|{version}|饮水核查|household|4/year"),
        ),
    ]
}
