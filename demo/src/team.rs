//! The three people of the demonstration.

use bianfang::sync::log::Role;

/// One of the team.
#[derive(Debug)]
pub struct Person {
    /// Name.
    pub name: &'static str,
    /// What the endpoint lets the person do.
    pub role: Role,
    /// What the person is, as the village document holds it.
    pub position: &'static str,
    /// The same in words, for the page.
    pub words: (&'static str, &'static str),
    /// A number of the unassigned prefix.
    pub phone: &'static str,
    /// Where the person comes from.
    pub unit: &'static str,
}

/// How many there are.
pub const SIZE: usize = 3;

/// The team: the leader first.
pub const TEAM: [Person; SIZE] = [
    Person {
        name: "李国强",
        role: Role::Leader,
        position: "第一书记",
        words: ("第一书记 · 班长", "First secretary, team leader"),
        phone: "15400009001",
        unit: "县农业农村局",
    },
    Person {
        name: "王芳",
        role: Role::Member,
        position: "队员",
        words: ("驻村队员", "Resident team member"),
        phone: "15400009002",
        unit: "县农业农村局",
    },
    Person {
        name: "张伟",
        role: Role::Member,
        position: "村支书",
        words: ("村支书", "Village party secretary"),
        phone: "15400009003",
        unit: "测试村村委会",
    },
];
