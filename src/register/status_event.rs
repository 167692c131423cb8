//! Changes of status (人口变动): who belongs to the household on a day is folded from them, never stored.

use super::values::Values;
use crate::base::date::Date;
use crate::base::id::RecordId;

/// Whom an event is about, as stored where it is the whole family.
pub const SUBJECT_HOUSEHOLD: &str = "household";

/// Whom an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The whole family.
    Household,
    /// One person.
    Person(RecordId),
}

/// What an event does to belonging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    Enters,
    Leaves,
    Ends,
    None,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEvent {
    /// Its record.
    pub id: RecordId,
    /// Whom it is about.
    pub subject: Subject,
    /// The stored term: 出生, 死亡, 迁入 and so on.
    pub kind: String,
    /// Since when.
    pub on: Date,
    /// Why, in a few words.
    pub remark: String,
    /// Withdrawn: as if it had not been recorded.
    pub void: bool,
}

impl StatusEvent {
    /// From a record; nothing where subject or date are missing or unreadable.
    pub fn read(id: RecordId, values: &impl Values) -> Option<Self> {
        let subject = match values.text("subject").as_str() {
            SUBJECT_HOUSEHOLD => Subject::Household,
            person => Subject::Person(person.parse().ok()?),
        };
        Some(Self {
            id,
            subject,
            kind: values.text("kind"),
            on: values.date("on")?,
            remark: values.text("remark"),
            void: values.is_void(),
        })
    }

    fn effect(&self) -> Effect {
        match self.kind.as_str() {
            "出生" | "迁入" | "婚入" => Effect::Enters,
            "迁出" | "婚出" => Effect::Leaves,
            "死亡" | "整户销户" => Effect::Ends,
            _ => Effect::None,
        }
    }
}

/// Whether somebody belongs on a day, and what ended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Belongs.
    Active,
    /// Not yet: born or moved in later.
    NotYet,
    /// No longer, since this event.
    Left(&'a StatusEvent),
}

impl Standing<'_> {
    /// Belongs on that day.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

/// How a subject stands on a day, folded from the events that are not withdrawn. An event counts from its own day on.
/// Who entered by none of them was there from the beginning; before a first event by which one enters, one was not.
///
/// The order in which people recorded events plays no part, so that two phones agree whatever arrived first: events
/// are taken by day; on one day entering comes before leaving (born and died the same day has died). A death, or the
/// end of a household, is final.
pub fn standing<'a>(events: &'a [StatusEvent], subject: Subject, day: Date) -> Standing<'a> {
    let mut events: Vec<&StatusEvent> = events
        .iter()
        .filter(|e| !e.void && e.subject == subject && e.effect() != Effect::None)
        .collect();
    events.sort_by_key(|event| (event.on, event.effect(), event.id));
    let entered_first = events.first().is_some_and(|first| first.effect() == Effect::Enters);
    let mut standing = if entered_first {
        Standing::NotYet
    } else {
        Standing::Active
    };
    for event in events.into_iter().filter(|event| event.on <= day) {
        match (event.effect(), &standing) {
            (Effect::Ends, _) => return Standing::Left(event),
            (Effect::Enters, _) => standing = Standing::Active,
            (Effect::Leaves, Standing::Left(_)) => {}
            (Effect::Leaves, _) => standing = Standing::Left(event),
            (Effect::None, _) => {}
        }
    }
    standing
}

/// Whether the latest of two opposed kinds of household events on or before a day is one of `begins` rather than
/// `ends` (返贫 and 脱贫, 识别监测 and 风险消除); nothing where there is none. On one day the beginning is taken, which is
/// the more cautious reading.
pub fn stands(events: &[StatusEvent], begins: &[&str], ends: &[&str], day: Date) -> Option<bool> {
    let relevant = events
        .iter()
        .filter(|e| !e.void && e.subject == Subject::Household && e.on <= day);
    let opposed = relevant.filter_map(|event| {
        let kind = event.kind.as_str();
        (begins.contains(&kind) || ends.contains(&kind)).then(|| (event.on, begins.contains(&kind)))
    });
    opposed.max().map(|(_, begun)| begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: Subject = Subject::Person(RecordId([9; 16]));

    fn day(text: &str) -> Date {
        text.parse().expect(text)
    }

    fn event(id: u8, kind: &str, on: &str) -> StatusEvent {
        StatusEvent {
            id: RecordId([id; 16]),
            subject: WHO,
            kind: kind.to_owned(),
            on: day(on),
            remark: String::new(),
            void: false,
        }
    }

    /// The standing on a day, the same in whatever order the events arrived.
    fn folded(events: &[StatusEvent], on: &str) -> String {
        let say = |events: &[StatusEvent]| match standing(events, WHO, day(on)) {
            Standing::Active => "in".to_owned(),
            Standing::NotYet => "not yet".to_owned(),
            Standing::Left(event) => format!("{} {}", event.kind, event.on),
        };
        let mut turned = events.to_vec();
        let first = say(events);
        for _ in 0..events.len() {
            turned.rotate_left(1);
            assert_eq!(say(&turned), first);
            let mut reversed = turned.clone();
            reversed.reverse();
            assert_eq!(say(&reversed), first);
        }
        first
    }

    #[test]
    fn who_is_recorded_belongs_until_an_event_says_otherwise() {
        assert_eq!(folded(&[], "2019-08-15"), "in");
        let moved = [event(1, "迁出", "2019-08-01")];
        assert_eq!(folded(&moved, "2019-07-31"), "in");
        assert_eq!(folded(&moved, "2019-08-01"), "迁出 2019-08-01");
        let born = [event(1, "出生", "2019-08-01")];
        assert_eq!(folded(&born, "2019-07-31"), "not yet");
        assert_eq!(folded(&born, "2019-08-01"), "in");
    }

    #[test]
    fn who_moved_away_may_come_back_and_who_died_may_not() {
        let back = [event(1, "迁出", "2018-01-01"), event(2, "迁入", "2019-01-01")];
        assert_eq!(folded(&back, "2018-06-01"), "迁出 2018-01-01");
        assert_eq!(folded(&back, "2019-01-01"), "in");
        let died = [event(1, "死亡", "2018-01-01"), event(2, "迁入", "2019-01-01")];
        assert_eq!(folded(&died, "2019-06-01"), "死亡 2018-01-01");
    }

    #[test]
    fn two_people_record_the_same_leaving() {
        let twice = [event(1, "迁出", "2019-08-03"), event(2, "迁出", "2019-08-01")];
        assert_eq!(folded(&twice, "2019-08-15"), "迁出 2019-08-01");
        let unlike = [event(1, "婚出", "2019-08-01"), event(2, "死亡", "2019-08-03")];
        assert_eq!(folded(&unlike, "2019-08-02"), "婚出 2019-08-01");
        assert_eq!(folded(&unlike, "2019-08-15"), "死亡 2019-08-03");
    }

    #[test]
    fn on_one_day_entering_comes_before_leaving() {
        let one_day = [event(2, "出生", "2019-08-01"), event(1, "死亡", "2019-08-01")];
        assert_eq!(folded(&one_day, "2019-08-01"), "死亡 2019-08-01");
        assert_eq!(folded(&one_day, "2019-07-31"), "not yet");
        let passing = [event(1, "迁出", "2019-08-01"), event(2, "迁入", "2019-08-01")];
        assert_eq!(folded(&passing, "2019-08-01"), "迁出 2019-08-01");
    }

    #[test]
    fn a_withdrawn_event_and_one_of_somebody_else_do_nothing() {
        let mut withdrawn = event(1, "死亡", "2019-08-01");
        withdrawn.void = true;
        let other = StatusEvent {
            subject: Subject::Household,
            ..event(2, "整户销户", "2019-08-01")
        };
        let unknown = event(3, "以后的新类型", "2019-08-01");
        assert_eq!(folded(&[withdrawn, other, unknown], "2019-08-15"), "in");
    }

    #[test]
    fn poverty_is_the_latest_of_two_opposed_events() {
        let of = |kind: &str, on: &str| StatusEvent {
            subject: Subject::Household,
            ..event(1, kind, on)
        };
        let events = [
            of("纳入", "2014-12-01"),
            of("脱贫", "2016-12-01"),
            of("返贫", "2018-03-01"),
        ];
        let poor = |on: &str| stands(&events, &["纳入", "返贫"], &["脱贫"], day(on));
        assert_eq!(poor("2014-01-01"), None);
        assert_eq!(poor("2015-01-01"), Some(true));
        assert_eq!(poor("2017-01-01"), Some(false));
        assert_eq!(poor("2018-03-01"), Some(true));
        let same_day = [of("脱贫", "2016-12-01"), of("返贫", "2016-12-01")];
        assert_eq!(stands(&same_day, &["返贫"], &["脱贫"], day("2016-12-01")), Some(true));
    }
}
