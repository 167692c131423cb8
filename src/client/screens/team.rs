//! 我的: who I am, the team, whether all has arrived, the check code.

use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::client::error::{ClientError, sentence};
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{
    Choice, MemberView, MineView, Problem, QuarantineRow, StartView, TeammateView, VillageView, Words,
};
use crate::register::enums::Role;
use crate::register::member::Member;
use crate::register::words::Words as Fixed;
use crate::sync::digest::{Digest, Item};

impl From<Fixed> for Words {
    fn from(words: Fixed) -> Self {
        Words {
            zh: words.zh.into(),
            en: words.en.into(),
        }
    }
}

/// The roles that somebody of this role may invite.
fn may_invite(role: Option<Role>) -> &'static [Role] {
    match role {
        Some(Role::Leader | Role::Desk) => &[Role::Member, Role::Doctor],
        _ => &[],
    }
}

fn member_view(member: &Member) -> MemberView {
    MemberView {
        id: member.id.to_string(),
        name: member.name.clone(),
        role: member.role.map(Role::code).unwrap_or_default().into(),
        role_words: member.role.map(Role::words).unwrap_or(Fixed::NONE).into(),
        phone: member.phone.clone(),
        unit: member.unit.clone(),
        may_invite: !may_invite(member.role).is_empty(),
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The first view of a start.
    pub(in crate::client) fn start_view(&self) -> StartView {
        if self.core.enrolled.is_none() {
            return StartView::Fresh;
        }
        let trouble: Vec<Problem> = self
            .core
            .quarantine
            .all()
            .filter(|(_, aside)| aside.shut)
            .map(|(_, aside)| Problem {
                code: aside.code.clone(),
                words: sentence(&aside.code),
            })
            .collect();
        StartView::Joined {
            me: self.me_view(),
            village: self.village_view(),
            loading: self.load_view(),
            trouble,
        }
    }

    /// The person this phone belongs to; before the village has arrived, as the invitation named it.
    pub(in crate::client) fn me_view(&self) -> MemberView {
        let Some(enrolled) = &self.core.enrolled else {
            return member_view(&unknown(MemberId([0; 16])));
        };
        match self.core.village.member(enrolled.member) {
            Some(member) => member_view(member),
            None => {
                let role = Role::from_code(&enrolled.role);
                member_view(&Member {
                    name: enrolled.name.clone(),
                    role,
                    ..unknown(enrolled.member)
                })
            }
        }
    }

    /// The village of this phone.
    pub(in crate::client) fn village_view(&self) -> VillageView {
        let village = &self.core.village;
        let enrolled = self.core.enrolled.as_ref();
        let or = |name: &str, first: Option<&String>| {
            if name.is_empty() {
                first.cloned().unwrap_or_default()
            } else {
                name.to_owned()
            }
        };
        VillageView {
            space: enrolled.map(|enrolled| enrolled.space.to_string()).unwrap_or_default(),
            code: or(&village.code, enrolled.map(|enrolled| &enrolled.code)),
            name: or(&village.name, enrolled.map(|enrolled| &enrolled.village)),
            households: self.core.rows.families().filter(|(_, row)| row.active).count() as u32,
            group: village.group,
            demonstration: village.demonstration || enrolled.is_some_and(|enrolled| enrolled.demonstration),
        }
    }

    /// Everything this phone holds of the feed, and its own work on top: equal on two phones exactly when both hold the
    /// same changes.
    pub(in crate::client) fn held_digest(&self) -> Digest {
        let mut digest = self.core.progress.digest;
        for waiting in self.core.outbox.all() {
            digest.add(&Item::of(waiting.document, waiting.hash));
        }
        digest
    }

    /// 我的.
    pub(in crate::client) fn mine(&self, version: &str) -> Result<MineView, ClientError> {
        let me = self.me()?;
        let today = self.today();
        let (unpaired, groups_unpaired) = self.unpaired_counts();
        let (differs, asked) = self.differences_counted();
        let team = self
            .core
            .village
            .members(today)
            .filter(|member| member.role != Some(Role::Desk))
            .map(|member| self.teammate(member, me))
            .collect();
        let invites = may_invite(self.core.village.member(me).and_then(|member| member.role));
        Ok(MineView {
            me: self.me_view(),
            village: self.village_view(),
            strip: self.strip(),
            invite_roles: invites
                .iter()
                .map(|role| Choice {
                    value: role.code().into(),
                    words: role.words().into(),
                })
                .collect(),
            team,
            team_trouble: self.team_trouble(),
            groups_unpaired,
            unpaired,
            differs,
            asked,
            check_code: self.held_digest().check_code(),
            changes: (self.core.progress.cursor.seq + self.core.outbox.len() as u64) as u32,
            quarantined: self
                .core
                .quarantine
                .all()
                .filter(|(_, aside)| aside.is_open())
                .map(|(key, aside)| QuarantineRow {
                    id: key.iter().map(|byte| format!("{byte:02x}")).collect(),
                    of: self.place_of(aside.document),
                    problem: Problem {
                        code: aside.code.clone(),
                        words: sentence(&aside.code),
                    },
                    at: aside.at_ms,
                    rewrites: aside.is_refused(),
                })
                .collect(),
            desk: self.whom_to_ask(me),
            version: version.to_owned(),
        })
    }

    /// Whom to ask about what cannot be opened: the county desk, else whoever leads the team.
    fn whom_to_ask(&self, me: MemberId) -> Vec<MemberView> {
        let of = |role: Role| -> Vec<MemberView> {
            let members = self.core.village.members(self.today());
            let others = members.filter(|member| member.role == Some(role) && member.id != me);
            others.map(member_view).collect()
        };
        let desk = of(Role::Desk);
        if desk.is_empty() { of(Role::Leader) } else { desk }
    }

    /// 田正文 · 3组: where something belongs, as far as the lists know.
    pub(in crate::client) fn place_of(&self, document: DocId) -> String {
        let document = self
            .core
            .rows
            .finding(document)
            .and_then(|row| row.household)
            .unwrap_or(document);
        let Some(row) = self.core.rows.household(document) else {
            return String::new();
        };
        let head = row.persons.first().map(|head| head.name.as_str()).unwrap_or_default();
        let parts = [head, row.group.as_str()].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" · ")
    }

    /// Whether all my acknowledged work has reached a teammate: what that person's phones have presented.
    fn teammate(&self, member: &Member, me: MemberId) -> TeammateView {
        let progress = &self.core.progress;
        let seq = self.seq_of(progress, member.id);
        let (joined, best) = (seq.is_some(), seq.unwrap_or(0));
        let received = match progress.own {
            _ if member.id == me => "all",
            _ if !joined => "never",
            None if self.core.outbox.is_empty() => "all",
            // Nothing of mine ever left this phone.
            None => "none",
            Some(_) if best >= self.core.handed.last() && self.core.outbox.is_empty() => "all",
            Some((first, _)) if best >= first => "some",
            Some(_) => "none",
        };
        TeammateView {
            member: member_view(member),
            received: received.into(),
            joined,
        }
    }
}

fn unknown(id: MemberId) -> Member {
    Member {
        id,
        name: String::new(),
        role: None,
        phone: String::new(),
        unit: String::new(),
        unit_level: String::new(),
        positions: Default::default(),
        from: None,
        to: None,
        void: false,
    }
}
