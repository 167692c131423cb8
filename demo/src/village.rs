//! Makes the village: its name and team, its roster, its history. Everything is written the way it is written in earnest:
//! by the desk through the hub, by people through the client.

use crate::cadre::{Cadre, Time};
use crate::forms;
use crate::history::{Team, moment};
use crate::kept::{Kept, Show, backend};
use crate::roster;
use crate::team::{Person, TEAM};
use crate::trouble::Trouble;
use axum::Router;
use bianfang::base::date::Date;
use bianfang::base::id::{MemberId, RecordId, SpaceId};
use bianfang::doc::{At, DocKind, Put, village_id};
use bianfang_endpoint::desk::{Desk, DeskEdit};
use bianfang_endpoint::import::Import;
use bianfang_endpoint::join::{self, Invitee};
use bianfang_endpoint::roster::VillageRoster;
use bianfang_endpoint::store::people;
use bianfang_endpoint::village::{self, NewVillage};
use bianfang_endpoint::{App, Clock, Endpoint, Store, routes};
use bianfang_sim::random::Random;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Raised when what is made changes.
const VERSION: u32 = 1;
/// The code of the sample village.
const CODE: &str = "422822104299";
const NAME: &str = "测试村";
/// The minute of the day at which the village is set up.
const OFFICE_OPENS: i64 = 8 * 60;
/// After so many visits a line is said.
const SAY_EVERY: usize = 50;
/// How long the history is: six weeks.
pub const HISTORY_DAYS: i64 = 42;

/// What kind of village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// The sample roster and six weeks of work with so many visits.
    Lived(u32),
    /// No household.
    Empty,
    /// A roster of one's own, no history.
    Own(PathBuf),
}

impl Recipe {
    /// The folder it is kept in.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Lived(_) => "village",
            Self::Empty => "empty",
            Self::Own(_) => "own",
        }
    }

    /// What it is made of; another version is made anew.
    pub fn version(&self) -> String {
        let release = env!("CARGO_PKG_VERSION");
        let forms = forms::edition();
        match self {
            Self::Lived(visits) => format!("{release}/{VERSION}/{forms}/{visits}"),
            Self::Empty => format!("{release}/{VERSION}/{forms}"),
            Self::Own(file) => format!("{release}/{VERSION}/{forms}/{}", file.display()),
        }
    }

    /// Whether it is made of days that end yesterday.
    pub fn ages(&self) -> bool {
        matches!(self, Self::Lived(_))
    }
}

/// The village while it is being made.
pub struct Site {
    /// The endpoint over the new database.
    pub endpoint: Arc<Endpoint>,
    /// Its routes.
    pub routes: Router,
    /// The clock of everybody in the history.
    pub time: Time,
    /// The village.
    pub space: SpaceId,
}

/// Makes a village in an empty folder; `say` is told what is being done, in both languages.
///
/// # Errors
/// Nothing of it counts then.
pub async fn make(folder: &Path, recipe: &Recipe, now_ms: i64, say: impl Fn(&str, &str)) -> Result<Kept, Trouble> {
    let today = Date::in_china(now_ms);
    let began_ms = match recipe {
        Recipe::Lived(_) => moment(today.add_days(-HISTORY_DAYS), OFFICE_OPENS),
        Recipe::Empty | Recipe::Own(_) => now_ms,
    };
    let roster = match recipe {
        Recipe::Lived(_) => Some(roster::sample(today)?),
        Recipe::Own(file) => Some(roster::own(file, today)?),
        Recipe::Empty => None,
    };
    let site = Site::open(folder, began_ms, roster.as_ref())?;
    if let Some(roster) = &roster {
        site.import(roster, &say)?;
    }
    let published = forms::publish(&site.endpoint.store, site.space, site.time.now_ms())?;
    let random = Random::new(u64::from(VERSION));
    let mut cadres = Vec::new();
    let mut members = Vec::new();
    for person in &TEAM {
        let (member, cadre) = site.enrol(person, members.first().copied(), &random).await?;
        members.push(member);
        cadres.push(cadre);
    }
    site.describe(&members)?;
    let show = match recipe {
        Recipe::Lived(visits) => site.live(*visits, today, &cadres, &members, random, &say).await?,
        Recipe::Empty | Recipe::Own(_) => None,
    };
    site.time.reach(now_ms);
    let published = published + forms::publish_at_visits(&site.endpoint.store, site.space, now_ms)?;
    say(
        &format!("发布表单：{published}张"),
        &format!("forms published: {published}"),
    );
    site.retire(now_ms)?;
    let row = site.row()?;
    Ok(Kept {
        version: recipe.version(),
        made_on: today.to_string(),
        village: row.name,
        code: row.code,
        space: site.space,
        members,
        show,
    })
}

impl Site {
    fn open(folder: &Path, began_ms: i64, roster: Option<&VillageRoster>) -> Result<Self, Trouble> {
        let time = Time::new(began_ms);
        let store = Store::open(&backend(folder))?;
        let clock = time.clone();
        // Nobody looks at the app while the village is made.
        let app = App::Folder(folder.to_owned());
        let endpoint = Arc::new(Endpoint::new(store, Clock::new(move || clock.now_ms()), app));
        let village = NewVillage {
            code: roster
                .and_then(|one| one.code.clone())
                .unwrap_or_else(|| CODE.to_owned()),
            name: roster
                .and_then(|one| one.name.clone())
                .unwrap_or_else(|| NAME.to_owned()),
            demonstration: true,
        };
        let made = endpoint
            .store
            .write(|tx| village::make(tx, &Desk::load_or_make(tx, began_ms)?, &village, began_ms));
        Ok(Self {
            space: made?,
            routes: routes(Arc::clone(&endpoint)),
            endpoint,
            time,
        })
    }

    fn import(&self, roster: &VillageRoster, say: &impl Fn(&str, &str)) -> Result<(), Trouble> {
        let (store, now_ms) = (&self.endpoint.store, self.time.now_ms());
        Import::prepare(store, self.space, roster, now_ms, |_, _| ())?.apply(|_, _| ())?;
        let households = roster.households.len();
        say(
            &format!("导入名册：{households}户"),
            &format!("roster imported: {households} households"),
        );
        Ok(())
    }

    async fn live(
        &self,
        visits: u32,
        today: Date,
        cadres: &[Cadre],
        members: &[MemberId],
        random: Random,
        say: &impl Fn(&str, &str),
    ) -> Result<Option<Show>, Trouble> {
        let team = Team {
            cadres,
            members,
            time: &self.time,
            random,
        };
        let said = |done: usize, of: usize| {
            if done == of || done.is_multiple_of(SAY_EVERY) {
                say(
                    &format!("三个人走访：{done}/{of}"),
                    &format!("three people on their rounds: {done} of {of} visits"),
                );
            }
        };
        let made = team.live(visits, today, said).await?;
        let (findings, edits) = (made.findings, made.edits);
        say(
            &format!("发现问题 {findings} 个，改登记 {edits} 处"),
            &format!("{findings} problems found, {edits} edits of the register"),
        );
        Ok(made.show)
    }

    /// Invites a person (the desk the leader, the leader the others) and joins with a phone.
    async fn enrol(
        &self,
        person: &Person,
        leader: Option<MemberId>,
        random: &Random,
    ) -> Result<(MemberId, Cadre), Trouble> {
        let now_ms = self.time.now_ms();
        let invitee = Invitee {
            member: None,
            name: person.name.to_owned(),
            phone: person.phone.to_owned(),
            role: person.role,
        };
        let invited = self.endpoint.store.write(|tx| {
            let desk = Desk::load_or_make(tx, now_ms)?.member();
            join::invite(tx, self.space, &invitee, leader.unwrap_or(desk), now_ms)
        })?;
        let cadre = Cadre::new(&self.routes, &self.time, random);
        cadre.join(&invited.token).await?;
        Ok((invited.member, cadre))
    }

    /// What the desk writes about the people: position and unit.
    fn describe(&self, members: &[MemberId]) -> Result<(), Trouble> {
        let put = |member: &MemberId, key: String, value: bianfang::base::scalar::Scalar| Put::Value {
            at: At::table("people", RecordId(member.0)),
            key,
            value,
        };
        let puts = TEAM.iter().zip(members).flat_map(|(person, member)| {
            [
                put(member, format!("position/{}", person.position), 1.into()),
                put(member, "unit".to_owned(), person.unit.into()),
            ]
        });
        self.write(DocKind::Village, village_id(self.space), puts.collect())
    }

    fn write(&self, kind: DocKind, document: bianfang::base::id::DocId, puts: Vec<Put>) -> Result<(), Trouble> {
        let now_ms = self.time.now_ms();
        self.endpoint.store.write(|tx| {
            let desk = Desk::load_or_make(tx, now_ms)?;
            let edit = DeskEdit {
                kind,
                document,
                author: desk.member(),
                puts,
            };
            desk.write(tx, self.space, vec![edit], now_ms)?;
            Ok::<_, Trouble>(())
        })
    }

    /// The phones of the history are given back: the people come with new ones.
    fn retire(&self, now_ms: i64) -> Result<(), Trouble> {
        self.endpoint.store.write(|tx| {
            let desk = Desk::load_or_make(tx, now_ms)?;
            for device in people::devices(tx)?
                .into_iter()
                .filter(|device| device.token_hash.is_some())
            {
                people::revoke(tx, device.id, now_ms.div_euclid(1000))?;
                village::revoked(tx, &desk, self.space, device.id, now_ms)?;
            }
            Ok(())
        })
    }

    fn row(&self) -> Result<bianfang_endpoint::store::space::SpaceRow, Trouble> {
        let row = self
            .endpoint
            .store
            .read(|tx| bianfang_endpoint::store::space::get(tx, self.space))?;
        row.ok_or_else(|| Trouble::Join(join::JoinError::NoSpace))
    }
}
