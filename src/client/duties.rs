//! Which forms are due for whom among the families, and when they were done, so that the lists of what is due open no
//! household. Follows from the households and the forms in use: of each family the heads are kept that it was counted from,
//! and what differs is counted again. A stored format, of this phone alone.

use super::envelope;
use super::store::{Batch, Entry, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::date::Date;
use crate::base::id::{DocId, RecordId};

/// Before the number of the page in the keys of the state table.
pub(super) const PREFIX: &[u8] = b"due/";
const VERSION: u8 = 1;
/// Duties of one family, and days of one duty.
const LIST_MAX: usize = 10_000;
const ABOUT: u8 = 1;
const APPLIES: u8 = 2;
const SINCE: u8 = 4;

/// What everything was counted with: the forms in use, and what of the village they look at.
pub(super) type Mark = [u8; 8];

/// A form for a family or one of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Duty {
    /// The place of the form among those that the mark stands for.
    pub form: u64,
    /// The person; nothing for the family.
    pub about: Option<RecordId>,
    /// It is offered for them. Otherwise only its records count, for a family that this one is joined to.
    pub applies: bool,
    /// A day since when it has been offered, as far as that was asked.
    pub since: Option<Date>,
    /// The days on which it was finished, of this and the last year, and the last one before.
    pub days: Vec<Date>,
}

/// What was counted of one family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub document: DocId,
    /// As in the row of the index.
    pub heads: [u8; 8],
    pub on: Date,
    pub duties: Vec<Duty>,
}

impl Counted {
    /// It holds for a household with these heads on a day: ages and what else follows from the day are looked at every month.
    pub fn holds(&self, heads: &[u8; 8], day: Date) -> bool {
        self.heads == *heads && self.on.month() == day.month()
    }
}

/// What was counted of all families, by document.
#[derive(Debug, Default)]
pub(super) struct Duties {
    mark: Option<Mark>,
    all: Vec<Counted>,
}

fn page_of(document: DocId) -> u8 {
    document.0[0] >> 2
}

impl Duties {
    /// Whether this was counted with these forms.
    pub fn is_of(&self, mark: Mark) -> bool {
        self.mark == Some(mark)
    }

    /// Takes over what is stored, as far as it was counted with these forms; what is damaged is counted again.
    pub fn read(mark: Mark, pages: &[Entry]) -> Self {
        let pages = pages.iter().filter_map(|(_, page)| envelope::open(page));
        let mut all: Vec<Counted> = pages.filter_map(|page| decode(page, mark).ok()).flatten().collect();
        all.sort_by_key(|counted| counted.document);
        all.dedup_by_key(|counted| counted.document);
        Self { mark: Some(mark), all }
    }

    /// What was counted of a family.
    pub fn get(&self, document: DocId) -> Option<&Counted> {
        let place = self.all.binary_search_by_key(&document, |counted| counted.document);
        place.ok().map(|place| &self.all[place])
    }

    /// Adds what was counted, and its pages to a batch.
    pub fn put(&mut self, batch: &mut Batch, counted: Vec<Counted>) {
        let mut pages: Vec<u8> = Vec::new();
        for one in counted {
            let page = page_of(one.document);
            if !pages.contains(&page) {
                pages.push(page);
            }
            match self.all.binary_search_by_key(&one.document, |counted| counted.document) {
                Ok(place) => self.all[place] = one,
                Err(place) => self.all.insert(place, one),
            }
        }
        let mark = self.mark.unwrap_or_default();
        for page in pages {
            let on_page: Vec<&Counted> = self.all.iter().filter(|one| page_of(one.document) == page).collect();
            batch.put(
                Table::State,
                [PREFIX, &[page]].concat(),
                envelope::seal(&encode(mark, &on_page)),
            );
        }
    }
}

fn day_of(number: i64) -> Date {
    Date::from_epoch_days(number)
}

fn encode(mark: Mark, all: &[&Counted]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(VERSION);
    writer.raw(&mark);
    writer.number(all.len() as u64);
    for counted in all {
        writer.raw(counted.document.as_bytes());
        writer.raw(&counted.heads);
        writer.signed(counted.on.epoch_days().into());
        writer.number(counted.duties.len() as u64);
        for duty in &counted.duties {
            writer.number(duty.form);
            let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
            let about = flag(duty.about.is_some(), ABOUT);
            writer.byte(about | flag(duty.applies, APPLIES) | flag(duty.since.is_some(), SINCE));
            duty.about.iter().for_each(|about| writer.raw(about.as_bytes()));
            duty.since.iter().for_each(|day| writer.signed(day.epoch_days().into()));
            writer.number(duty.days.len() as u64);
            duty.days.iter().for_each(|day| writer.signed(day.epoch_days().into()));
        }
    }
    writer.finish()
}

fn decode(page: &[u8], mark: Mark) -> Result<Vec<Counted>, DecodeError> {
    let mut reader = Reader::new(page);
    if reader.byte()? != VERSION || reader.array()? != mark {
        return Err(DecodeError::Tag);
    }
    let mut all = Vec::new();
    for _ in 0..reader.count(page.len())? {
        let document = DocId(reader.array()?);
        let heads = reader.array()?;
        let on = day_of(reader.signed()?);
        let mut duties = Vec::new();
        for _ in 0..reader.count(LIST_MAX)? {
            duties.push(decode_duty(&mut reader)?);
        }
        all.push(Counted {
            document,
            heads,
            on,
            duties,
        });
    }
    reader.end()?;
    Ok(all)
}

fn decode_duty(reader: &mut Reader<'_>) -> Result<Duty, DecodeError> {
    let form = reader.number()?;
    let flags = reader.byte()?;
    let about = match flags & ABOUT {
        0 => None,
        _ => Some(RecordId(reader.array()?)),
    };
    let since = match flags & SINCE {
        0 => None,
        _ => Some(day_of(reader.signed()?)),
    };
    let mut days = Vec::new();
    for _ in 0..reader.count(LIST_MAX)? {
        days.push(day_of(reader.signed()?));
    }
    Ok(Duty {
        form,
        about,
        applies: flags & APPLIES != 0,
        since,
        days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::store::Step;

    const MARK: Mark = [7; 8];

    fn counted(document: u8) -> Counted {
        let day = |text: &str| text.parse().unwrap();
        let duty = |about, applies, since, days: &[&str]| Duty {
            form: 1,
            about,
            applies,
            since,
            days: days.iter().map(|one| day(one)).collect(),
        };
        Counted {
            document: DocId([document; 16]),
            heads: [3; 8],
            on: day("2019-08-15"),
            duties: vec![
                duty(
                    Some(RecordId([9; 16])),
                    true,
                    Some(day("2019-04-01")),
                    &["2018-12-31", "2019-08-15"],
                ),
                duty(None, false, None, &["1969-12-31"]),
                duty(None, true, None, &[]),
            ],
        }
    }

    fn pages(batch: Batch) -> Vec<Entry> {
        let page = |step| match step {
            Step::Put(Table::State, key, value) => (key, value),
            other => panic!("only pages are written: {other:?}"),
        };
        batch.steps.into_iter().map(page).collect()
    }

    #[test]
    fn what_was_counted_comes_back_with_the_same_forms_alone() {
        let mut duties = Duties::read(MARK, &[]);
        let mut batch = Batch::default();
        duties.put(&mut batch, vec![counted(200), counted(1), counted(2)]);
        let mut stored = pages(batch);
        assert_eq!(stored.len(), 2);
        let read = Duties::read(MARK, &stored);
        assert_eq!(read.get(DocId([200; 16])), Some(&counted(200)));
        assert_eq!((read.all.len(), &read.all), (3, &duties.all));
        assert!(Duties::read([8; 8], &stored).all.is_empty());
        stored[0].1[20] ^= 1;
        assert_eq!(Duties::read(MARK, &stored).all.len(), 2, "its neighbours stay");
    }

    /// Whoever changes the bytes changes the number of the format, so that what lies on phones is counted again.
    #[test]
    fn a_page_is_written_so() {
        let written = encode(MARK, &[&counted(1)]);
        let hex: String = written.iter().map(|byte| format!("{byte:02x}")).collect();
        let expected = [
            "01",
            "0707070707070707",
            "01",
            "01010101010101010101010101010101",
            "0303030303030303",
            "969b02",
            "03",
            // For a person since a day, done on two; of the family on a day before 1970; for the family, never done.
            "010709090909090909090909090909090909",
            "869902",
            "02d09702969b02",
            "01000101",
            "010200",
        ];
        assert_eq!(hex, expected.concat());
    }

    #[test]
    fn it_holds_for_the_household_as_it_is_and_for_the_month() {
        let day = |text: &str| text.parse().unwrap();
        let one = counted(1);
        assert!(one.holds(&[3; 8], day("2019-08-31")));
        assert!(!one.holds(&[4; 8], day("2019-08-31")));
        assert!(!one.holds(&[3; 8], day("2019-09-01")));
    }
}
