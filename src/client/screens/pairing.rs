//! 结对: who is paired with whom, and which households and groups have nobody (S056, S181).

use super::record::void_words;
use super::seen::{base_in, base_of, base_text, document_id};
use crate::base::date::{Date, DateError};
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::base::scalar::Scalar;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::store::{Batch, Store};
use crate::client::view::{PairingView, SavedView, Words};
use crate::doc::{At, DocKind, Document, Put, Record, place_id};
use crate::index::HouseholdRow;
use crate::register::household::Household;
use crate::register::member::Pairing;
use crate::register::needs::{team_size, team_troubles};
use std::collections::BTreeSet;

/// The table that holds pairings, of a household and of the groups alike.
const TABLE: &str = "pairings";

/// What a person decided about one pairing; all as the app hands it in.
pub(super) struct Decided<'a> {
    pub household: &'a str,
    pub group: &'a str,
    pub pairing: &'a str,
    pub base: &'a str,
    pub member: &'a str,
    pub from: &'a str,
    pub to: &'a str,
}

/// The same, read.
struct Read<'a> {
    kind: DocKind,
    document: DocId,
    /// Empty for a household of its own.
    group: &'a str,
    member: Option<MemberId>,
    from: Option<Date>,
    to: Option<Date>,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Pairs a member with a household or a whole group, changes a pairing, ends it or takes its end back.
    ///
    /// # Errors
    /// In words: nobody chosen, somebody who is not of the team, dates that are none, a pairing that there is already.
    pub(super) async fn save_pairing(&mut self, decided: &Decided<'_>) -> Result<SavedView, ClientError> {
        let read = self.read_decided(decided)?;
        let (at, base, puts) = if decided.pairing.is_empty() {
            let at = At::table(TABLE, self.host.record_id());
            let fields = self.new_pairing(&read)?;
            let notes = Vec::new();
            (at.clone(), None, vec![Put::Create { at, fields, notes }])
        } else {
            let at = At::table(TABLE, decided.pairing.parse().map_err(|_| ClientError::NotFound)?);
            let document = self.document(read.document).await?;
            let base = base_in(document, decided.base)?;
            let record = document.record(&at).filter(|record| !record.is_void());
            let puts = self.changed_pairing(&at, &record.ok_or(ClientError::NotFound)?, &read)?;
            (at, Some(base), puts)
        };
        let edit = DocEdit {
            kind: read.kind,
            document: read.document,
            base,
            puts,
        };
        self.save(vec![edit], Batch::default()).await?;
        let record = self.document(read.document).await?.record(&at).unwrap_or_default();
        let differing = ["member", "from", "to"].into_iter().filter(|key| record.differs(key));
        Ok(SavedView {
            document: read.document.to_string(),
            record: at.to_string(),
            local: self.core.outbox.len() as u32,
            differs: differing.count() as u32,
        })
    }

    fn read_decided<'a>(&self, decided: &Decided<'a>) -> Result<Read<'a>, ClientError> {
        let (kind, document) = match (decided.household, decided.group) {
            ("", "") => {
                return Err(refused(
                    "pairing_group",
                    "这户还没有填村民小组，不能按组结对。",
                    "The household has no group yet, so its group cannot be paired.",
                ));
            }
            ("", _) => (DocKind::Place, place_id(self.space()?)),
            (household, _) => {
                let id = document_id(household)?;
                self.core.rows.household(id).ok_or(ClientError::NotFound)?;
                (DocKind::Household, id)
            }
        };
        let (from, to) = (day(decided.from)?, day(decided.to)?);
        let member = match decided.member {
            "" => None,
            member => Some(member.parse().map_err(|_| not_of_the_team())?),
        };
        Ok(Read {
            kind,
            document,
            group: if kind == DocKind::Place { decided.group } else { "" },
            member,
            from,
            to,
        })
    }

    /// The fields of a new pairing; from today where no day is given.
    fn new_pairing(&self, read: &Read<'_>) -> Result<Vec<(String, Scalar)>, ClientError> {
        let member = read.member.ok_or_else(|| {
            refused(
                "pairing_member",
                "请先选结对责任人。",
                "Choose the paired helper first.",
            )
        })?;
        self.of_the_team(member)?;
        let from = read.from.unwrap_or_else(|| self.today());
        in_order(Some(from), read.to)?;
        let paired = match (self.core.rows.household(read.document), read.group) {
            (Some(row), "") => row.pairings.iter().any(|pairing| {
                self.core.village.meant(pairing.member, &pairing.name) == Some(member) && pairing.is_active(from)
            }),
            (_, group) => self
                .core
                .village
                .group_pairings
                .iter()
                .any(|pairing| pairing.group == group && pairing.member == Some(member) && pairing.is_active(from)),
        };
        if paired {
            return Err(refused(
                "pairing_exists",
                "已经结对了，不用再加。",
                "They are paired already.",
            ));
        }
        let fields = [
            ("member", member.to_string()),
            ("group", read.group.to_owned()),
            ("from", from.to_string()),
            ("to", read.to.map(|to| to.to_string()).unwrap_or_default()),
        ];
        let filled = fields.into_iter().filter(|(_, value)| !value.is_empty());
        Ok(filled
            .map(|(key, value)| (key.to_owned(), value.as_str().into()))
            .collect())
    }

    /// What a change writes. A member or first day left empty stays as it is; an empty last day takes the end back.
    fn changed_pairing(&self, at: &At, record: &Record, read: &Read<'_>) -> Result<Vec<Put>, ClientError> {
        let put = |key: &str, value: String| Put::Value {
            at: at.clone(),
            key: key.to_owned(),
            value: value.as_str().into(),
        };
        in_order(read.from.or_else(|| record.text("from").parse().ok()), read.to)?;
        let mut puts = Vec::new();
        if let Some(member) = read.member {
            // Somebody who has left the team meanwhile may still be unpaired.
            let known = self
                .core
                .village
                .meant(record.text("member").parse().ok(), &record.text("name"));
            if known != Some(member) {
                self.of_the_team(member)?;
            }
            puts.push(put("member", member.to_string()));
        }
        puts.extend(read.from.map(|from| put("from", from.to_string())));
        puts.push(put("to", read.to.map(|to| to.to_string()).unwrap_or_default()));
        Ok(puts)
    }

    fn of_the_team(&self, member: MemberId) -> Result<(), ClientError> {
        let mut team = self.core.village.members(self.today());
        let known = team.any(|known| known.id == member);
        known.then_some(()).ok_or_else(not_of_the_team)
    }

    /// Who is or was paired with a household, itself and through its group; also what was withdrawn, with the reason.
    pub(super) fn pairings_of(&self, document: &Document, family: &Household) -> Vec<PairingView> {
        let village = &self.core.village;
        let of_group = village.group_pairings.iter();
        let of_group = of_group.filter(|pairing| !family.group.is_empty() && pairing.group == family.group);
        let somebody = |pairing: &&Pairing| pairing.member.is_some() || !pairing.name.is_empty();
        let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let view = |pairing: &Pairing, by_group: bool| {
            let member = village.meant(pairing.member, &pairing.name);
            let place = self.space().map(place_id).ok().filter(|_| by_group);
            PairingView {
                id: pairing.id.to_string(),
                document: place.unwrap_or(document.id()).to_string(),
                base: if by_group {
                    base_text(&village.place_heads)
                } else {
                    base_of(document)
                },
                member: member.map(|member| member.to_string()).unwrap_or_default(),
                name: member.map_or_else(|| pairing.name.clone(), |member| village.name_of(member)),
                from: text(pairing.from),
                to: text(pairing.to),
                by_group,
                void_reason: void_words(pairing.void, &pairing.void_reason),
            }
        };
        let own = family
            .pairings
            .iter()
            .filter(somebody)
            .map(|pairing| view(pairing, false));
        own.chain(of_group.filter(somebody).map(|pairing| view(pairing, true)))
            .collect()
    }

    /// Somebody is paired with the household on a day: itself, or through its group.
    pub(in crate::client) fn is_paired(&self, row: &HouseholdRow, day: Date) -> bool {
        row.pairings.iter().any(|pairing| pairing.is_active(day)) || self.group_is_paired(&row.group, day)
    }

    /// This member is paired with the household on a day: itself, or through its group.
    pub(in crate::client) fn is_paired_with(&self, row: &HouseholdRow, member: MemberId, day: Date) -> bool {
        let village = &self.core.village;
        let itself = row
            .pairings
            .iter()
            .any(|pairing| village.meant(pairing.member, &pairing.name) == Some(member) && pairing.is_active(day));
        let by_group = village
            .group_pairings
            .iter()
            .any(|pairing| pairing.group == row.group && pairing.member == Some(member) && pairing.is_active(day));
        itself || (by_group && !row.group.is_empty())
    }

    fn group_is_paired(&self, group: &str, day: Date) -> bool {
        let pairings = &self.core.village.group_pairings;
        !group.is_empty()
            && pairings
                .iter()
                .any(|pairing| pairing.group == group && pairing.is_active(day))
    }

    /// Households that must have a helper and have none, in the order of the roster.
    pub(in crate::client) fn unpaired(&self) -> Vec<(DocId, &HouseholdRow)> {
        let (today, roster) = (self.today(), self.roster());
        let mut rows: Vec<_> = self
            .core
            .rows
            .families()
            .filter(|(_, row)| row.active && row.needs_pairing && !self.is_paired(row, today))
            .collect();
        rows.sort_by_key(|(id, row)| roster.place(*id, row));
        rows
    }

    /// How many households, and in how many groups.
    pub(super) fn unpaired_counts(&self) -> (u32, u32) {
        let unpaired = self.unpaired();
        let groups: BTreeSet<&str> = unpaired.iter().map(|(_, row)| row.group.as_str()).collect();
        (unpaired.len() as u32, groups.len() as u32)
    }

    /// What the team lacks (S055, S126, S156). Until the team has arrived here, whoever joined is not in it, and nothing
    /// can be said.
    pub(super) fn team_trouble(&self) -> Vec<Words> {
        let village = &self.core.village;
        // A group of inspectors is no village's team.
        if village.group || self.me().is_ok_and(|me| village.member(me).is_none()) {
            return Vec::new();
        }
        let required = team_size(&village.class, village.team_required);
        team_troubles(&village.team, required, self.today())
            .into_iter()
            .map(|sentence| Words {
                zh: sentence.zh,
                en: sentence.en,
            })
            .collect()
    }
}

fn refused(code: &str, zh: &str, en: &str) -> ClientError {
    ClientError::Field(code.to_owned(), Words::new(zh, en))
}

fn not_of_the_team() -> ClientError {
    refused(
        "pairing_member",
        "这个人不在队员名单里。",
        "This person is not in the team.",
    )
}

/// A day as typed; nothing where none is.
fn day(written: &str) -> Result<Option<Date>, ClientError> {
    match Date::parse_lenient(written) {
        Ok(day) => Ok(Some(day)),
        Err(DateError::Empty) => Ok(None),
        Err(_) => Err(refused(
            "pairing_dates",
            "日期要写成 2019-08-15 这样。",
            "Write the dates like 2019-08-15.",
        )),
    }
}

fn in_order(from: Option<Date>, to: Option<Date>) -> Result<(), ClientError> {
    if from.is_some_and(|from| to.is_some_and(|to| to < from)) {
        return Err(refused(
            "pairing_dates",
            "结束日期早于开始日期。",
            "The pairing would end before it begins.",
        ));
    }
    Ok(())
}
