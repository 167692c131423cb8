//! What a roster says, as plain data: villages, households, people, and notes on what is odd. Nothing here has been
//! checked against documents; applying it is another step.

use super::note::{Note, Severity};

/// A roster that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roster {
    /// The villages in the order of the file.
    pub villages: Vec<VillageRoster>,
    /// The rows that could not be taken: neither a name nor a household.
    pub rejected: Vec<Note>,
    /// What is odd in rows that were taken, and hints about the file, by sheet and row.
    pub notes: Vec<Note>,
    /// The sheets of the file; [`Place::sheet`] counts into this list.
    pub sheets: Vec<SheetInfo>,
}

/// One sheet of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name; empty for a text table.
    pub name: String,
    /// The rows of column titles, one list for each table that was found; empty where the sheet was passed over.
    pub header_rows: Vec<Vec<u32>>,
}

/// The households of one village.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VillageRoster {
    /// The 12 digits of the village: from a column, else what the household numbers begin with, else a title or the
    /// file's name.
    pub code: Option<String>,
    /// 行政村
    pub name: Option<String>,
    /// 乡镇
    pub township: Option<String>,
    /// 县
    pub county: Option<String>,
    /// In the order of the file.
    pub households: Vec<HouseholdRow>,
}

/// Where something stands in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index into [`Roster::sheets`].
    pub sheet: usize,
    /// The row as Excel numbers it, from 1.
    pub row: u32,
}

/// A household. Values that a list prescribes are in the words of that list where they could be recognised, else as
/// they are written, and flagged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HouseholdRow {
    /// Place in the village's list, from 1: the order in which one walks.
    pub order: u32,
    /// 户编号; nothing where it lost digits or only counts families.
    pub number: Option<String>,
    /// 组, as 5组 where it is written 5, 第5组 or 五组.
    pub group: Option<String>,
    /// 联系电话
    pub phones: Vec<String>,
    /// 住址
    pub address: Option<String>,
    /// 户类型, 户属性, 监测对象类别, 低保户, 特困户: each once, in the order found.
    pub classes: Vec<String>,
    /// 低保类别: 一类, 二类, 三类 (S005).
    pub dibao_class: Option<String>,
    /// 稳定脱贫户, 巩固提升户, 重点帮扶户 (S210).
    pub tier: Option<String>,
    /// 主要致贫原因
    pub main_cause: Option<String>,
    /// 其他致贫原因
    pub other_causes: Vec<String>,
    /// 住房等级 A to D.
    pub housing: Option<String>,
    /// 饮水: 达标, 基本达标, 不达标.
    pub water: Option<String>,
    /// 帮扶责任人, 包户干部
    pub pairing: Vec<PairingRow>,
    /// 家庭人口数 as the roster states it.
    pub stated_size: Option<u32>,
    /// The family, in the order of the file.
    pub persons: Vec<PersonRow>,
    /// Further fields of the register: stored key (of a set without its member) and value.
    pub further: Vec<(&'static str, String)>,
    /// Likewise, amounts of a year.
    pub yearly: Vec<(&'static str, u16, String)>,
    /// Columns without a meaning here: title and value.
    pub extra: Vec<(String, String)>,
    /// All its rows.
    pub places: Vec<Place>,
}

/// A paired helper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PairingRow {
    /// The name.
    pub name: String,
    /// 单位
    pub unit: Option<String>,
    /// 电话
    pub phone: Option<String>,
}

/// What became of the ID number of a person. Only [`IdCheck::Valid`] ones may be used to recognise somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IdCheck {
    /// Nothing is written.
    #[default]
    Absent,
    /// Written as 无 or 无证.
    NoDocument,
    /// Valid, normalised.
    Valid,
    /// Wrong (DQ01); kept as text.
    Invalid,
    /// A spreadsheet lost its last digits; kept as text.
    DigitsLost,
    /// Not a Chinese ID number (a passport, a travel permit): kept as text, not checked.
    Other,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PersonRow {
    /// 姓名
    pub name: Option<String>,
    /// 男, 女; from a valid ID number where the roster does not say.
    pub sex: Option<String>,
    /// 证件类型
    pub id_type: Option<String>,
    /// 证件号码
    pub id_no: Option<String>,
    /// What became of it.
    pub id_check: IdCheck,
    /// Date of birth as `1959-07-02`, else as written; from a valid ID number where the roster does not say.
    pub birth: Option<String>,
    /// 与户主关系
    pub relation: Option<String>,
    /// The relation as written, where it says more than the list's word (长子 is 之子).
    pub relation_written: Option<String>,
    /// 民族
    pub ethnicity: Option<String>,
    /// 文化程度
    pub education: Option<String>,
    /// 在校生状况
    pub school_stage: Option<String>,
    /// 失学或辍学原因
    pub dropout_reason: Option<String>,
    /// 健康状况: each once, in the order found.
    pub health: Vec<String>,
    /// 残疾类别, as written; it may name the level too.
    pub disability: Vec<String>,
    /// 残疾等级: 一级 to 四级, or as written.
    pub disability_level: Option<String>,
    /// 残疾证号
    pub disability_card: Option<String>,
    /// 劳动技能
    pub labour: Option<String>,
    /// 参加医保, by year where the title names one: 是, 否, or as written.
    pub insured: Vec<(Option<u16>, String)>,
    /// 享受低保: 是, 否, or as written, where the roster says it of a person.
    pub dibao: Option<String>,
    /// 务工所在地
    pub work_place: Option<String>,
    /// 务工时间 in months; else as written.
    pub work_months: Option<String>,
    /// Phones of this person that are not the household's.
    pub phones: Vec<String>,
    /// 政治面貌
    pub political: Option<String>,
    /// Further fields of the register: stored key (of a set without its member) and value.
    pub further: Vec<(&'static str, String)>,
    /// Columns without a meaning here: title and value.
    pub extra: Vec<(String, String)>,
    /// Where the person stands.
    pub place: Place,
}

impl Roster {
    /// How many households there are in all villages.
    pub fn households(&self) -> usize {
        self.villages.iter().map(|village| village.households.len()).sum()
    }

    /// How many people there are in all villages.
    pub fn people(&self) -> usize {
        self.villages
            .iter()
            .flat_map(|village| &village.households)
            .map(|household| household.persons.len())
            .sum()
    }

    /// Everything that belongs into the office's own file: refusals, flags and hints that have a row.
    pub fn all_notes(&self) -> Vec<Note> {
        let mut all: Vec<Note> = self.rejected.iter().chain(&self.notes).cloned().collect();
        all.sort_by_key(|note| (note.place, note.severity));
        all
    }

    /// How many notes of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.rejected
            .iter()
            .chain(&self.notes)
            .filter(|note| note.severity == severity)
            .count()
    }
}

impl HouseholdRow {
    /// The head of the household: who is written as 户主, else the first person.
    pub fn head(&self) -> Option<&PersonRow> {
        let head = self
            .persons
            .iter()
            .find(|person| person.relation.as_deref() == Some("户主"));
        head.or_else(|| self.persons.first())
    }
}
