//! 待核对: each field about which people disagree with every value, of one household or of all, and what was settled of
//! late.

use super::filled::Filled;
use super::history::rows_of;
use super::lens::{Lens, kind_of};
use super::say::{beside, joined};
use super::seen::base_of;
use super::settle::{Both, both_of};
use super::slots::{Drawing, Slot};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{AskedView, ContestedView, DifferencesOf, DifferencesView, DiffersView, SettledView, Words};
use crate::doc::{At, Contested, DocKind, Record, place_id};
use crate::register::field::{Field, Found, RecordKind, find};
use std::collections::BTreeSet;

/// Households on one page of the list, whatever was asked for.
const HOUSEHOLDS_MAX: usize = 50;
/// Days during which a settlement is shown with a way back; afterwards it stands in the history alone.
const SETTLED_DAYS: i64 = 7;

/// What a household or a problem has that waits.
#[derive(Clone, Copy, Default)]
struct Count {
    differs: u32,
    asked: u32,
}

impl Count {
    fn open(self) -> u32 {
        self.differs.saturating_sub(self.asked)
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What differs in a document, what somebody asks about at the end.
    pub(super) fn differing(&self, lens: &Lens<'_>) -> Vec<DiffersView> {
        let base = base_of(lens.document);
        let mut fields = lens.document.differing();
        fields.sort_by_key(|one| one.asked);
        let views = fields.iter().filter_map(|one| differs(lens, &one.at, &one.key, &base));
        views.collect()
    }

    /// What differs in the problems of a household. One that cannot be opened has its own place under 我的.
    pub(super) async fn differing_findings(&mut self, household: DocId) -> Vec<DiffersView> {
        let disputed = |row: &crate::index::FindingRow| row.household == Some(household) && row.differs > 0;
        let ids = self
            .core
            .rows
            .findings()
            .filter(|(_, row)| disputed(row))
            .map(|(id, _)| id);
        let ids: Vec<DocId> = ids.collect();
        let mut all = Vec::new();
        for id in ids {
            all.extend(self.differing_in(id).await.into_iter().map(|one| DiffersView {
                title: beside([RecordKind::Finding.words().into(), one.title]),
                ..one
            }));
        }
        all
    }

    /// What was written into withdrawn records of a household and of its problems, or of the groups, while they were
    /// withdrawn.
    pub(super) async fn contested_in(&mut self, document: DocId) -> Vec<ContestedView> {
        let disputed = |row: &crate::index::FindingRow| row.household == Some(document) && row.differs > 0;
        let findings = self.core.rows.findings().filter(|(_, row)| disputed(row));
        let ids: Vec<DocId> = std::iter::once(document).chain(findings.map(|(id, _)| id)).collect();
        let mut all = Vec::new();
        for id in ids {
            if let Ok(()) = self.bring_forms(id).await
                && let Ok(Some(_)) = self.find(id).await
                && let Ok(lens) = self.lens(id)
            {
                all.extend(lens.contested());
            }
        }
        all
    }

    async fn differing_in(&mut self, id: DocId) -> Vec<DiffersView> {
        // Without their forms, answers are told by the names of their questions.
        let _ = self.bring_forms(id).await;
        match self.find(id).await {
            Ok(Some(_)) => self.lens(id).map(|lens| self.differing(&lens)).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Fields that wait to be settled, and further ones about which somebody asks.
    pub(super) fn differences_counted(&self) -> (u32, u32) {
        let (place, place_asked) = self.core.village.differs;
        let of_rows = self.core.rows.households().map(|(_, row)| (row.differs, row.asked));
        let of_findings = self.core.rows.findings().map(|(_, row)| (row.differs, row.asked));
        let all = of_rows.chain(of_findings).chain([(place, place_asked)]);
        all.fold((0, 0), |(open, asked), (differs, asking)| {
            (open + differs.saturating_sub(asking), asked + asking)
        })
    }

    /// 待核对 over all households: those with something to settle in the order of the roster, then those that somebody asks
    /// about.
    pub(super) async fn differences(&mut self, offset: u32, limit: u32) -> Result<DifferencesView, ClientError> {
        let place = place_id(self.space()?);
        let waiting = self.waiting_households();
        let (from, limit) = (offset as usize, (limit as usize).clamp(1, HOUSEHOLDS_MAX));
        let mut of = Vec::new();
        if from == 0 && self.core.village.differs.0 > 0 {
            let differs = self.differing_in(place).await;
            let contested = self.contested_in(place).await;
            of.push(DifferencesOf {
                household: None,
                differs,
                contested,
            });
        }
        for id in waiting.iter().skip(from).take(limit) {
            let (mut differs, mut contested) = (Vec::new(), Vec::new());
            for part in std::iter::once(*id).chain(self.core.rows.parts(*id)) {
                differs.extend(self.differing_in(part).await);
                differs.extend(self.differing_findings(part).await);
                contested.extend(self.contested_in(part).await);
            }
            differs.sort_by_key(|one| one.asked.is_some());
            let row = self.core.rows.family(*id).ok_or(ClientError::NotFound)?;
            of.push(DifferencesOf {
                household: Some(self.household_row(*id, row, "")),
                differs,
                contested,
            });
        }
        of.retain(|one| !(one.differs.is_empty() && one.contested.is_empty()));
        let (open, asked) = self.differences_counted();
        Ok(DifferencesView {
            open,
            asked,
            of,
            twins: if from == 0 { self.all_twins() } else { Vec::new() },
            more: waiting.len() > from + limit,
            strip: self.strip(),
        })
    }

    fn waiting_households(&self) -> Vec<DocId> {
        let roster = self.roster();
        let mut waiting: Vec<_> = self
            .core
            .rows
            .families()
            .map(|(id, row)| {
                let found = self.core.rows.found(id);
                let count = Count {
                    differs: row.differs + found.differs,
                    asked: row.asked + found.asked,
                };
                (count, roster.place(id, row))
            })
            .filter(|(count, _)| count.differs > 0)
            .collect();
        waiting.sort_by_key(|(count, place)| (count.open() == 0, *place));
        waiting.into_iter().map(|(_, (_, _, id))| id).collect()
    }
}

/// A watched field of a record: of what kind, which field, and the record.
struct Watched<'a> {
    kind: RecordKind,
    found: Found<'a>,
    record: Record,
}

fn watched<'a>(lens: &Lens<'_>, at: &At, key: &'a str) -> Option<Watched<'a>> {
    let kind = kind_of(lens.document.kind(), at)?;
    let found = find(kind, key)?;
    let record = lens.document.record(at)?;
    Some(Watched { kind, found, record })
}

fn title(lens: &Lens<'_>, at: &At, field: &Field, part: &str) -> Words {
    beside([lens.record_words(at), lens.label_at(at, field, part)])
}

fn differs(lens: &Lens<'_>, at: &At, key: &str, base: &str) -> Option<DiffersView> {
    let Watched { kind, found, record } = watched(lens, at, key)?;
    let filled = Filled::of(kind, &record);
    let drawing = Drawing {
        lens,
        at,
        kind,
        record: &record,
        filled: &filled,
        flags: Default::default(),
        with_choices: true,
        exists: true,
        next_job: None,
    };
    let is_set = found.field.kind.is_set();
    let field = if is_set {
        drawing.member_view(found.field, found.part)
    } else {
        drawing.view(&Slot {
            field: found.field,
            part: found.part.to_owned(),
        })
    };
    let asked = record.asked(key).map(|asked| {
        let (author, at) = lens.made_by(asked.hash);
        AskedView {
            author: lens.name(author),
            at,
            mine: author == Some(lens.me),
        }
    });
    let both = both_of(kind, found, &record).map(|both| match both {
        Both::Joined(text) => lens.shown_at(at, found.field, found.part, &text),
        Both::Also { first, more, .. } => {
            let shown = std::iter::once(&first).chain(&more);
            joined(
                shown.map(|value| lens.shown_at(at, found.field, found.part, value)),
                "、",
                ", ",
            )
        }
    });
    Some(DiffersView {
        document: lens.document.id().to_string(),
        record: at.to_string(),
        base: base.to_owned(),
        title: title(lens, at, found.field, found.part),
        may_fill: found.field.edited && !is_set && !record.is_void(),
        field,
        both,
        asked,
    })
}

impl Lens<'_> {
    /// Records that one withdrew while another changed them.
    fn contested(&self) -> Vec<ContestedView> {
        let view = |one: Contested| {
            let record = self.document.record(&one.at).unwrap_or_default();
            let said = record.live("void/reason").iter();
            let by = said
                .clone()
                .find(|said| !said.value.is_empty())
                .or_else(|| said.clone().next());
            let (author, at) = by.map_or((None, 0), |said| self.made_by(said.hash));
            let title = match self.record_words(&one.at) {
                words if words.is_empty() => kind_of(self.document.kind(), &one.at)
                    .map(|kind| kind.words().into())
                    .unwrap_or_default(),
                words => words,
            };
            ContestedView {
                document: self.document.id().to_string(),
                record: one.at.to_string(),
                base: base_of(self.document),
                title,
                reason: by.map(|said| said.value.to_text()).unwrap_or_default(),
                author: self.name(author),
                at,
                rows: one
                    .changes
                    .iter()
                    .flat_map(|(change, steps)| rows_of(self, change, steps))
                    .collect(),
            }
        };
        self.document.contested().into_iter().map(view).collect()
    }

    /// A settled difference, as long as nothing was written there since.
    pub(super) fn settled(&self, at: &At, key: &str) -> Option<SettledView> {
        let Watched { found, record, .. } = watched(self, at, key)?;
        let (changes, _) = record.settled(key)?;
        let (author, at_ms) = self.made_by(*changes.first()?);
        let value = &record.live(key).first()?.value;
        Some(SettledView {
            document: self.document.id().to_string(),
            record: at.to_string(),
            base: base_of(self.document),
            key: key.to_owned(),
            title: title(self, at, found.field, found.part),
            shown: self.shown_at(at, found.field, found.part, value),
            author: self.name(author),
            at: at_ms,
            mine: author == Some(self.me),
            sensitive: found.field.sensitive,
        })
    }

    /// What was settled in the last days, the latest first.
    pub(super) fn settled_of_late(&self) -> Vec<SettledView> {
        let tables: BTreeSet<&str> = RecordKind::ALL.iter().filter_map(|kind| kind.table()).collect();
        let of_tables = tables.into_iter().flat_map(|table| {
            let records = self.document.records(table).into_iter();
            records.map(move |(id, record)| (At::table(table, id), record))
        });
        let own = [(At::Own, self.document.own())];
        let from = self.today.add_days(-SETTLED_DAYS);
        let mut all: Vec<SettledView> = own
            .into_iter()
            .chain(of_tables)
            .flat_map(|(at, record)| {
                let keys: Vec<String> = record.all_settled().map(str::to_owned).collect();
                keys.into_iter()
                    .filter_map(|key| self.settled(&at, &key))
                    .collect::<Vec<_>>()
            })
            .filter(|one| crate::base::date::Date::in_china(one.at) >= from)
            .collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        all
    }
}

/// A document in which differences are settled on phones: what belongs to the village, and its forms, are the desk's alone.
pub(super) fn is_settled_here(kind: DocKind) -> bool {
    !kind.is_of_desk()
}
