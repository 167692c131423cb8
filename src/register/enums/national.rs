//! The enumerations of the national system and of the counties' tables, in the order in which people know them.
//! The stored value is the Chinese term itself. Values may be added at the end, never renamed or removed.

mod family;
mod person;
mod work;

pub use family::*;
pub use person::*;
pub use work::*;

use super::Choice;

/// Every list, for tests over all of them.
pub const ALL_LISTS: &[&[Choice]] = &[
    YES_NO,
    SEX,
    ID_KIND,
    RELATION,
    POLITICAL,
    EDUCATION,
    SCHOOL_STAGE,
    DROPOUT,
    HEALTH,
    DISEASE,
    ILLNESS_CLASS,
    DISABILITY_KIND,
    DISABILITY_LEVEL,
    LABOUR,
    INSURED,
    PENSION,
    WORK_CHANNEL,
    PERSON_TAG,
    ATTRIBUTE,
    CLASS,
    MONITOR,
    RISK,
    TIER,
    DIBAO_CLASS,
    CAUSE,
    RESETTLEMENT,
    HOUSING_GRADE,
    WATER,
    ROAD,
    FUEL,
    STRUCTURE,
    COMPONENT,
    EXEMPTION,
    WATER_SOURCE,
    WATER_SIGN,
    VISIT_KIND,
    PERSON_EVENT_KIND,
    HOUSEHOLD_EVENT_KIND,
    EVENT_KIND,
    FINDING_CATEGORY,
    PROCEDURE,
    FINDING_SOURCE,
    FINDING_SCOPE,
    SEVERITY,
    POSITION,
    UNIT_LEVEL,
    PAIRING_ROLE,
    VILLAGE_CLASS,
];
