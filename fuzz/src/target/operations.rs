//! Three phones edit one household in any order of saving and delivering: all end equal, and every value is live that
//! nobody overwrote who had seen it. What must be live is known from a model that knows nothing of Automerge.

use crate::input::Input;
use crate::village::{FAMILY, create};
use bianfang::base::host::Actors;
use bianfang::base::id::{MemberId, RecordId};
use bianfang::base::scalar::Scalar;
use bianfang::doc::{At, DocError, DocKind, Document, Edit, EditError, Hash, Put};
use bianfang::index::Row;
use std::collections::{BTreeMap, BTreeSet};

const PHONES: usize = 3;
/// Persons that each phone can enter.
const PERSONS: u8 = 3;
const STEPS_MAX: usize = 48;
const PUTS_MAX: usize = 3;
const KEYS: [&str; 4] = ["name", "phone", "group", "check/water"];
const NOTE: &str = "words";

/// One phone with the document, and what of the others' saves has not arrived.
struct Phone {
    document: Document,
    actors: Actors,
    on_the_way: Vec<Vec<u8>>,
    /// The heads from which its form was drawn, and all that was known then.
    form: (Vec<Hash>, BTreeSet<Hash>),
}

/// One value that somebody wrote, and what that person knew.
struct Written {
    at: At,
    key: &'static str,
    value: Scalar,
    hash: Hash,
    known: BTreeSet<Hash>,
}

/// The phones, and everything written.
struct Village {
    phones: Vec<Phone>,
    all: Vec<Vec<u8>>,
    written: Vec<Written>,
    created: BTreeMap<RecordId, Hash>,
}

/// The target.
pub fn run(bytes: &[u8]) {
    let mut input = Input(bytes);
    let mut village = Village::new();
    for _ in 0..STEPS_MAX {
        if input.is_empty() {
            break;
        }
        let (step, phone) = (input.choice(8), input.choice(PHONES));
        match step {
            0 => village.phones[phone].draw_form(),
            1..=3 => village.save(phone, &mut input),
            4 | 5 => village.phones[phone].receive(input.choice(16)),
            6 => village.phones[phone].restart(),
            _ => village.meet(phone, input.choice(PHONES)),
        }
    }
    village
        .phones
        .iter()
        .for_each(|phone| village.check_live(&phone.document));
    village.deliver_all();
    village.check_equal();
}

fn known(document: &Document) -> BTreeSet<Hash> {
    document.hashes().into_iter().collect()
}

impl Phone {
    fn new(number: u8) -> Self {
        let document = Document::new(DocKind::Household, FAMILY);
        Self {
            form: (document.heads(), BTreeSet::new()),
            document,
            actors: Actors::new([number; 12]),
            on_the_way: Vec::new(),
        }
    }

    fn draw_form(&mut self) {
        self.form = (self.document.heads(), known(&self.document));
    }

    /// One save arrives; it waits when what it builds on has not, and the document is as it was.
    fn receive(&mut self, which: usize) {
        if self.on_the_way.is_empty() {
            return;
        }
        let which = which % self.on_the_way.len();
        let before = self.document.heads();
        match self.document.apply([&self.on_the_way[which]]) {
            Ok(_) => drop(self.on_the_way.remove(which)),
            Err(DocError::Missing(_)) => assert_eq!(self.document.heads(), before),
            Err(error) => panic!("an honest change is refused: {error}"),
        }
    }

    fn restart(&mut self) {
        let saved = self.document.save();
        let loaded = Document::load(DocKind::Household, FAMILY, &saved).expect("what is saved is loaded");
        assert_eq!(loaded.heads(), self.document.heads());
        self.document = loaded;
    }
}

impl Village {
    fn new() -> Self {
        Self {
            phones: (0..PHONES as u8).map(Phone::new).collect(),
            all: Vec::new(),
            written: Vec::new(),
            created: BTreeMap::new(),
        }
    }

    /// Values that are live to somebody who knows these changes.
    fn live(&self, at: &At, key: &str, known: &BTreeSet<Hash>) -> Vec<&Written> {
        let here = |written: &&Written| written.at == *at && written.key == key && known.contains(&written.hash);
        let all: Vec<&Written> = self.written.iter().filter(here).collect();
        let overwritten = |one: &Written| all.iter().any(|other| other.known.contains(&one.hash));
        all.iter().copied().filter(|one| !overwritten(one)).collect()
    }

    /// [保存] on the form of a phone: new persons, values, notes.
    fn save(&mut self, phone: usize, input: &mut Input<'_>) {
        let (base, known) = self.phones[phone].form.clone();
        let mut puts = Vec::new();
        let mut touched = BTreeSet::new();
        for _ in 0..=input.choice(PUTS_MAX) {
            let (what, who, key) = (input.choice(8), input.byte(), KEYS[input.choice(KEYS.len())]);
            let text = String::from_utf8_lossy(input.take(usize::from(who >> 5))).into_owned();
            let mine = RecordId([phone as u8 * 16 + who % PERSONS; 16]);
            let any = RecordId([who % PHONES as u8 * 16 + (who >> 2) % PERSONS; 16]);
            let at = if who & 8 == 0 {
                At::Own
            } else {
                At::table("persons", any)
            };
            let put = match what {
                0 | 1 if !self.created.contains_key(&mine) => create(At::table("persons", mine), &[], &text),
                0..=2 => Put::Note {
                    key: if at == At::Own { "notes" } else { NOTE }.into(),
                    at,
                    text,
                },
                3 => Put::Value {
                    at,
                    key: key.into(),
                    value: Scalar::Int(i64::from(who)),
                },
                _ => Put::Value {
                    at,
                    key: key.into(),
                    value: Scalar::Text(text),
                },
            };
            if touched.insert(place(&put)) {
                puts.push(put);
            }
        }
        let expected = self.expected(&puts, &known);
        let edit = Edit {
            author: MemberId([phone as u8; 16]),
            at_ms: 1_565_830_000_000,
            base,
            puts,
        };
        let before = self.phones[phone].document.heads();
        let Phone { document, actors, .. } = &mut self.phones[phone];
        let made = document.edit(&edit, actors.fresh());
        match (made, expected) {
            (Ok(Some(made)), Some(values)) => self.wrote(phone, &edit.puts, &made.bytes, made.hash, values, &known),
            (Ok(None), Some(values)) => {
                assert!(values.is_empty(), "values were not written: {:?}", edit.puts);
                assert_eq!(self.phones[phone].document.heads(), before);
            }
            (Err(EditError::NoRecord(_)), None) => assert_eq!(self.phones[phone].document.heads(), before),
            (made, expected) => panic!("{made:?} where the model says {expected:?}: {:?}", edit.puts),
        }
    }

    /// What the model says will be written, by place and value; nothing when a record is not there.
    fn expected(&self, puts: &[Put], known: &BTreeSet<Hash>) -> Option<Vec<(At, &'static str, Scalar)>> {
        let mut values = Vec::new();
        let mut made: BTreeSet<RecordId> = BTreeSet::new();
        for put in puts {
            let (at, _) = &place(put);
            if let (Put::Create { .. }, At::In(_, id)) = (put, at) {
                made.insert(*id);
                continue;
            }
            if let At::In(_, id) = at
                && !made.contains(id)
                && !self.created.get(id).is_some_and(|hash| known.contains(hash))
            {
                return None;
            }
            let (Put::Value { key, value, .. } | Put::Again { key, value, .. }) = put else {
                continue;
            };
            let again = matches!(put, Put::Again { .. });
            let key = KEYS.into_iter().find(|known| known == key).expect("a key of the list");
            let unchanged = match self.live(at, key, known).as_slice() {
                [] => value.is_empty(),
                [only] => only.value == *value,
                _ => false,
            };
            if again || !unchanged {
                values.push((at.clone(), key, value.clone()));
            }
        }
        Some(values)
    }

    fn wrote(
        &mut self,
        phone: usize,
        puts: &[Put],
        bytes: &[u8],
        hash: Hash,
        values: Vec<(At, &'static str, Scalar)>,
        known: &BTreeSet<Hash>,
    ) {
        for (at, key, value) in values {
            self.written.push(Written {
                at,
                key,
                value,
                hash,
                known: known.clone(),
            });
        }
        for put in puts {
            if let Put::Create { at: At::In(_, id), .. } = put {
                self.created.insert(*id, hash);
            }
        }
        self.all.push(bytes.to_vec());
        for (number, other) in self.phones.iter_mut().enumerate() {
            if number != phone {
                other.on_the_way.push(bytes.to_vec());
            }
        }
    }

    /// One phone gets everything that another holds.
    fn meet(&mut self, phone: usize, other: usize) {
        if phone == other {
            return;
        }
        let [one, another] = self.phones.get_disjoint_mut([phone, other]).expect("two phones");
        one.document.merge(&another.document).expect("honest changes merge");
        let here = known(&one.document);
        assert!(another.document.hashes().iter().all(|hash| here.contains(hash)));
    }

    /// What is live in a document is what the model says, no value more and none less.
    fn check_live(&self, document: &Document) {
        let known = known(document);
        let places: BTreeSet<(&At, &str)> = self.written.iter().map(|one| (&one.at, one.key)).collect();
        for (at, key) in places {
            let mut expected: Vec<(Hash, &Scalar)> = self
                .live(at, key, &known)
                .iter()
                .map(|one| (one.hash, &one.value))
                .collect();
            let record = document.record(at).unwrap_or_default();
            let mut found: Vec<(Hash, &Scalar)> =
                record.live(key).iter().map(|live| (live.hash, &live.value)).collect();
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{at} {key}");
        }
    }

    fn deliver_all(&mut self) {
        for phone in &mut self.phones {
            // Each round delivers at least what builds on nothing that is missing.
            for _ in 0..=phone.on_the_way.len() {
                (0..phone.on_the_way.len()).rev().for_each(|which| phone.receive(which));
            }
            assert!(phone.on_the_way.is_empty(), "everything arrives in the end");
        }
    }

    fn check_equal(&self) {
        let one = &self.phones[0].document;
        let mut newcomer = Document::new(DocKind::Household, FAMILY);
        newcomer
            .apply(self.all.iter().rev())
            .expect("honest changes apply in any order");
        self.check_live(one);
        for other in self.phones[1..].iter().map(|phone| &phone.document).chain([&newcomer]) {
            assert_eq!(other.heads(), one.heads());
            assert_eq!(other.own(), one.own());
            assert_eq!(other.records("persons"), one.records("persons"));
            assert_eq!(Row::of(other, &[5; 32]), Row::of(one, &[5; 32]));
        }
        assert_eq!(one.records("persons").len(), self.created.len());
        super::document::shows(one);
    }
}

/// A place is written once in a save, whether as a person, a value or a note.
fn place(put: &Put) -> (At, String) {
    match put {
        Put::Create { at, .. } => (at.clone(), String::new()),
        Put::Value { at, key, .. } | Put::Again { at, key, .. } | Put::Note { at, key, .. } => {
            (at.clone(), key.clone())
        }
    }
}
