//! Into which other spaces a finding asks to come, read from the finding itself: down to the village that it names once
//! it was assigned, and up to groups that a record of its links names. Whether those spaces cover each other is the
//! endpoint's to know.

use super::log::Role;
use crate::base::id::{MemberId, SpaceId};
use crate::doc::{DocKind, Document};
use crate::ledger::{self, Folded};
use std::collections::BTreeSet;

/// The key of a finding's own record that names the space of its village.
pub const VILLAGE: &str = "village";
/// The table, and the keys and kind of its records, that ask for a finding to be seen in a group too.
pub const LINKS: &str = "links";
/// What kind of link a record is.
pub const LINK_KIND: &str = "kind";
/// The kind of link that names a space.
pub const LINK_SPACE: &str = "space";
/// What a link names.
pub const LINK_TO: &str = "to";
/// The steps that hand a finding to the village.
pub const HANDS_DOWN: [&str; 2] = ["assigned", "escalated"];

/// What a finding asks for, as far as people of one space said so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The village to which it was assigned.
    pub down: Option<SpaceId>,
    /// Groups that are to see it.
    pub up: BTreeSet<SpaceId>,
}

/// What people of a space ask for; `role_of` says what somebody may do there, nothing for strangers.
pub fn asked<E>(document: &Document, mut role_of: impl FnMut(MemberId) -> Result<Option<Role>, E>) -> Result<Asked, E> {
    let mut asked = Asked::default();
    if document.kind() != DocKind::Finding {
        return Ok(asked);
    }
    if let Some(village) = village_named(document, &mut role_of)?
        && is_handed_down(document, &mut role_of)?
    {
        asked.down = Some(village);
    }
    let creators = document.creators(LINKS);
    for (id, record) in document.records(LINKS) {
        let by = creators.get(&id);
        if record.is_void() || record.text(LINK_KIND) != LINK_SPACE {
            continue;
        }
        if let (Some(by), Ok(to)) = (by, record.text(LINK_TO).parse())
            && role_of(*by)?.is_some()
        {
            asked.up.insert(to);
        }
    }
    Ok(asked)
}

/// The one village that people of the space named; nothing while they disagree.
fn village_named<E>(
    document: &Document,
    role_of: &mut impl FnMut(MemberId) -> Result<Option<Role>, E>,
) -> Result<Option<SpaceId>, E> {
    let own = document.own();
    let live = own.live(VILLAGE);
    if live.is_empty() || own.differs(VILLAGE) {
        return Ok(None);
    }
    let authors = document.authors();
    for author in live.iter().filter_map(|live| authors.get(&live.hash)?.author) {
        if role_of(author)?.is_some() {
            return Ok(own.text(VILLAGE).parse().ok());
        }
    }
    Ok(None)
}

/// Somebody of the space, who may, assigned it.
fn is_handed_down<E>(
    document: &Document,
    role_of: &mut impl FnMut(MemberId) -> Result<Option<Role>, E>,
) -> Result<bool, E> {
    let events = document.steps_done();
    let version = ledger::version_of(&events);
    let known = ledger::built_in(ledger::FINDING, version);
    let Some(procedure) = known.or_else(|| ledger::built_in(ledger::FINDING, None)) else {
        return Ok(false);
    };
    let folded = Folded::new(&procedure, document.opened_by(), &events);
    for (event, verdict) in folded.events.iter().zip(&folded.verdicts) {
        if !HANDS_DOWN.contains(&event.kind.as_str()) || verdict.is_err() {
            continue;
        }
        let Some(author) = event.author else { continue };
        // In the role that the person has, not the one that the event claims.
        if role_of(author)?.is_some_and(|role| role.name() == event.role) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ActorBytes, DocId, RecordId};
    use crate::doc::{At, Edit, Put, step_put};
    use crate::ledger::Event;
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    const INSPECTOR: MemberId = MemberId([1; 16]);
    const VILLAGER: MemberId = MemberId([2; 16]);
    const THERE: SpaceId = SpaceId([9; 16]);

    struct Story {
        document: Document,
        next: u8,
    }

    impl Story {
        fn new() -> Self {
            let document = Document::new(DocKind::Finding, DocId([5; 16]));
            Self { document, next: 0 }
        }
        fn write(&mut self, author: MemberId, put: Put) {
            self.next += 1;
            let edit = Edit {
                author,
                at_ms: 1_493_000_000_000,
                base: self.document.heads(),
                puts: vec![put],
            };
            let made = self.document.edit(&edit, ActorBytes([self.next; 16]));
            assert!(made.expect("the edit is right").is_some());
        }
        fn names(&mut self, author: MemberId, village: SpaceId) {
            let (at, key, value) = (At::Own, VILLAGE.to_owned(), village.to_string().as_str().into());
            self.write(author, Put::Value { at, key, value });
        }
        fn assigned(&mut self, author: MemberId, role: &str, due: &str) {
            let owner = VILLAGER.to_string();
            let fields = [("lead_dept", "住建"), ("owner", owner.as_str()), ("due", due)];
            let fields = fields.map(|(key, value)| (key.to_owned(), value.to_owned()));
            let event = Event {
                id: RecordId([self.next + 100; 16]),
                kind: "assigned".into(),
                author: None,
                role: role.into(),
                on: "2017-04-26".parse().ok(),
                procedure: ledger::FINDING.into(),
                version: 1,
                fields: BTreeMap::from(fields),
                seen: Vec::new(),
            };
            self.write(author, step_put(&event));
        }
        fn links(&mut self, author: MemberId, kind: &str, to: &str) {
            let fields = [(LINK_KIND, kind), (LINK_TO, to)];
            let put = Put::Create {
                at: At::table(LINKS, RecordId([self.next + 150; 16])),
                fields: fields.map(|(key, value)| (key.to_owned(), value.into())).into(),
                notes: Vec::new(),
            };
            self.write(author, put);
        }
        fn asked(&self) -> Asked {
            let role = |member| Ok::<_, Infallible>((member == INSPECTOR).then_some(Role::Inspector));
            let Ok(asked) = asked(&self.document, role);
            asked
        }
    }

    #[test]
    fn a_finding_comes_to_its_village_when_it_was_assigned_and_not_before() {
        let mut story = Story::new();
        story.names(INSPECTOR, THERE);
        assert_eq!(story.asked(), Asked::default());
        story.assigned(INSPECTOR, "inspector", "2017-05-25");
        assert_eq!(story.asked().down, Some(THERE));
    }

    #[test]
    fn a_step_that_does_not_count_hands_nothing_down() {
        let due = "2017-05-25";
        // Due before the day; in a role that the person has not; by somebody of another space.
        for (author, role, due) in [
            (INSPECTOR, "inspector", "2017-04-01"),
            (INSPECTOR, "township", due),
            (VILLAGER, "inspector", due),
            (INSPECTOR, "member", due),
        ] {
            let mut story = Story::new();
            story.names(INSPECTOR, THERE);
            story.assigned(author, role, due);
            assert_eq!(story.asked(), Asked::default(), "{role} {due}");
        }
    }

    #[test]
    fn the_village_is_the_one_that_people_of_the_space_named() {
        let mut story = Story::new();
        story.names(VILLAGER, THERE);
        story.assigned(INSPECTOR, "inspector", "2017-05-25");
        assert_eq!(story.asked().down, None);
        story.names(INSPECTOR, SpaceId([8; 16]));
        assert_eq!(story.asked().down, Some(SpaceId([8; 16])));
    }

    #[test]
    fn links_name_the_groups_that_are_to_see_it() {
        let mut story = Story::new();
        story.links(INSPECTOR, LINK_SPACE, &THERE.to_string());
        story.links(INSPECTOR, "finding", &SpaceId([7; 16]).to_string());
        story.links(INSPECTOR, LINK_SPACE, "nonsense");
        story.links(VILLAGER, LINK_SPACE, &SpaceId([6; 16]).to_string());
        assert_eq!(story.asked().up, BTreeSet::from([THERE]));
    }
}
