//! What is wrong with a form, where, and what to do about it.

use super::expr::{Fault, ParseError};
use super::register::{Subject, categories};
use crate::register::words::Sentence;

/// A mistake in a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub sheet: String,
    /// As the spreadsheet counts, from 1; 0 where it is about the whole sheet.
    pub row: u32,
    /// The heading of the column; empty where it is about the whole row.
    pub column: String,
    pub what: What,
}

/// Whether a form with it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It has to be mended.
    Mistake,
    /// It may stay; the person should know.
    Remark,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    NoSheet,
    NoColumn,
    NoQuestions,
    /// A sheet of XLSForm that this app does not know.
    SheetNotSupported,
    /// A sheet that is not read, with nearly the name of one that is missing.
    SheetMeant(&'static str),
    /// A column that no form has; it is not read.
    StrangeColumn,
    /// A column or setting of XLSForm that this app does not know.
    NotSupported,
    /// A word in the column `type` that is no type; what may have been meant.
    NoType(String, Option<&'static str>),
    /// A type of XLSForm that this app does not know.
    TypeNotSupported(String),
    NoName,
    BadName(String),
    /// The name stands in an earlier row too.
    NameAgain(String, u32),
    NoLabel,
    /// Only some of the languages of the form are filled in.
    NoLabelIn(String),
    NoList(String),
    ListNotNamed,
    ChoiceAgain(String, u32),
    /// A choice of several must not hold a space.
    ChoiceWithSpace(String),
    NoFile(String),
    /// An end without a beginning, or of another kind.
    NothingToEnd,
    NotEnded,
    Empty,
    Expression(ParseError),
    NoQuestion(String),
    /// Several questions have the name, so that `${name}` could mean any of them.
    NameTwice(String),
    /// A trigger that people do not answer.
    TriggerUnseen(String),
    /// A choice without words; its value is shown.
    NoChoiceLabel(String),
    /// A list of choices has no such column.
    NoListColumn(String),
    /// A file of choices has no column with their values.
    NoChoicesIn(String),
    /// A sign in the pattern of a date that this app does not know.
    DateSign(char),
    /// How a question looks, in a way that this app does not know.
    Appearance(String),
    /// A map that is not shown; the position is taken from the phone.
    NoMap(String),
    /// A sign that makes words bold or coloured elsewhere, and is shown here as it is written.
    Styled(&'static str),
    /// Choices that the appearance looks up in a file.
    SearchCall,
    /// A pattern that cannot be matched.
    Pattern(String),
    /// A filter would never let the choice through that `or_other` adds.
    OtherFiltered,
    /// Names that are calculated from each other, in a circle.
    Circle(Vec<String>),
    Parameter(String),
    NoParameter(&'static str),
    NotYesNo(String),
    BadFormId(String),
    BadVersion(String),
    Language(String),
    /// None of the subjects that a form can be about.
    NoSubject(String),
    /// Not a number of times in a year, quarter or month.
    BadDue(String),
    NoDueRole(String),
    RoleWithoutDue,
    /// A question in the condition of the whole form, which holds before anything is answered.
    NoQuestionYet(String),
    /// A list of the register that forms about this have not.
    ListNotHere(String, Subject),
    /// A list of the register has no such column.
    NoRegisterColumn(String, String),
    /// The register has no such field for forms about this.
    NoField(String, Subject),
    /// Forms about this write nothing into the register.
    NotWritten(Subject),
    /// The answer to such a question is no value of the field: what the field takes.
    FieldType(String, &'static str),
    /// A choice that the field has not.
    FieldChoice(String, String),
    /// One field cannot be written or read by each instance of a repeated part.
    InRepeat,
    /// A group or a note has no answer.
    NoAnswer,
    /// The answer is a fact of the visit only where somebody gave it there: no default, no calculation.
    NotAsked(String),
    /// A setting that says where or when a form is offered; every visit is asked by the form.
    EveryVisit,
    /// Two questions write into one field.
    WrittenTwice(String, u32),
    NoCategory(String),
    /// Words for a problem that is not named.
    LabelWithoutProblem,
    /// Two columns that mean the same; the other one.
    ColumnTwice(String),
    TooMany(usize),
    TooDeep,
    TooLong,
}

impl What {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSheet => "form.no_sheet",
            Self::NoColumn => "form.no_column",
            Self::NoQuestions => "form.no_questions",
            Self::SheetNotSupported => "form.sheet_not_supported",
            Self::SheetMeant(_) => "form.sheet_meant",
            Self::StrangeColumn => "form.strange_column",
            Self::NotSupported => "form.not_supported",
            Self::NoType(..) => "form.no_type",
            Self::TypeNotSupported(_) => "form.type_not_supported",
            Self::NoName => "form.no_name",
            Self::BadName(_) => "form.bad_name",
            Self::NameAgain(..) => "form.name_again",
            Self::NoLabel => "form.no_label",
            Self::NoLabelIn(_) => "form.no_label_in",
            Self::NoList(_) => "form.no_list",
            Self::ListNotNamed => "form.list_not_named",
            Self::ChoiceAgain(..) => "form.choice_again",
            Self::ChoiceWithSpace(_) => "form.choice_with_space",
            Self::NoFile(_) => "form.no_file",
            Self::NothingToEnd => "form.nothing_to_end",
            Self::NotEnded => "form.not_ended",
            Self::Empty => "form.empty",
            Self::Expression(_) => "form.expression",
            Self::NoQuestion(_) => "form.no_question",
            Self::NameTwice(_) => "form.name_twice",
            Self::TriggerUnseen(_) => "form.trigger_unseen",
            Self::NoChoiceLabel(_) => "form.no_choice_label",
            Self::NoListColumn(_) => "form.no_list_column",
            Self::NoChoicesIn(_) => "form.no_choices_in",
            Self::DateSign(_) => "form.date_sign",
            Self::Appearance(_) => "form.appearance",
            Self::NoMap(_) => "form.no_map",
            Self::Styled(_) => "form.styled",
            Self::SearchCall => "form.search_call",
            Self::Pattern(_) => "form.pattern",
            Self::OtherFiltered => "form.other_filtered",
            Self::Circle(_) => "form.circle",
            Self::Parameter(_) => "form.parameter",
            Self::NoParameter(_) => "form.no_parameter",
            Self::NotYesNo(_) => "form.not_yes_no",
            Self::BadFormId(_) => "form.bad_form_id",
            Self::BadVersion(_) => "form.bad_version",
            Self::Language(_) => "form.language",
            Self::NoSubject(_) => "form.no_subject",
            Self::BadDue(_) => "form.bad_due",
            Self::NoDueRole(_) => "form.no_due_role",
            Self::RoleWithoutDue => "form.role_without_due",
            Self::NoQuestionYet(_) => "form.no_question_yet",
            Self::ListNotHere(..) => "form.list_not_here",
            Self::NoRegisterColumn(..) => "form.no_register_column",
            Self::NotAsked(_) => "form.not_asked",
            Self::EveryVisit => "form.every_visit",
            Self::NoField(..) => "form.no_field",
            Self::NotWritten(_) => "form.not_written",
            Self::FieldType(..) => "form.field_type",
            Self::FieldChoice(..) => "form.field_choice",
            Self::InRepeat => "form.in_repeat",
            Self::NoAnswer => "form.no_answer",
            Self::WrittenTwice(..) => "form.written_twice",
            Self::NoCategory(_) => "form.no_category",
            Self::LabelWithoutProblem => "form.label_without_problem",
            Self::ColumnTwice(_) => "form.column_twice",
            Self::TooMany(_) => "form.too_many",
            Self::TooDeep => "form.too_deep",
            Self::TooLong => "form.too_long",
        }
    }

    /// Whether a form with it can be used.
    pub fn weight(&self) -> Weight {
        match self {
            Self::SheetMeant(_)
            | Self::StrangeColumn
            | Self::NoLabelIn(_)
            | Self::NoChoiceLabel(_)
            | Self::NoMap(_)
            | Self::Styled(_) => Weight::Remark,
            _ => Weight::Mistake,
        }
    }

    /// What is wrong and what to do, for people.
    pub fn sentence(&self) -> Sentence {
        self.of_rows()
            .or_else(|| self.of_names())
            .or_else(|| self.of_the_register())
            .or_else(|| self.of_what_is_written())
            .or_else(|| self.of_looks())
            .unwrap_or_else(|| self.of_cells())
    }

    /// Of sheets, columns and rows as a whole.
    fn of_rows(&self) -> Option<Sentence> {
        let (zh, en) = match self {
            Self::NoSheet => ("工作簿里没有这张表，请加上", "The workbook has no such sheet; add it"),
            Self::NoColumn => ("缺这一列，请加上", "This column is missing; add it"),
            Self::NoQuestions => (
                "表里没有一道题，请从第2行起每行写一题",
                "The sheet holds no question; write one in each row from row 2",
            ),
            Self::SheetNotSupported => (
                "遍访不支持这张表，请删掉",
                "Bianfang does not support this sheet; remove it",
            ),
            Self::StrangeColumn => (
                "这一列不是 XLSForm 的列，没有读取",
                "This is no column of XLSForm; it was not read",
            ),
            Self::NotSupported => ("这一项遍访不支持，请删掉", "Bianfang does not support this; remove it"),
            Self::NoName => ("这一行没有名称（name），请填上", "This row has no name; fill it in"),
            Self::NoLabel => ("没有给人看的文字（label），请填上", "There is no label; fill it in"),
            Self::ListNotNamed => (
                "没有写用哪一组选项，例如 select_one yes_no",
                "It does not say which list of choices; write select_one yes_no, for example",
            ),
            Self::NothingToEnd => (
                "这里结束了一个没有开始的组，或者开始和结束不是一种；请核对 begin 和 end",
                "This ends what was never begun, or what is of another kind; compare begin and end",
            ),
            Self::NotEnded => (
                "这一组没有结束，请加一行 end group 或 end repeat",
                "This is never ended; add a row end group or end repeat",
            ),
            Self::Empty => (
                "这一组里一道题也没有，请加题或删掉这一组",
                "There is nothing inside; add a question or remove it",
            ),
            Self::SearchCall => (
                "外观 search(…) 遍访不支持，请把题型改成 select_one_from_file 文件名.csv",
                "Bianfang does not support the appearance search(…); use the type select_one_from_file FILE.csv",
            ),
            Self::OtherFiltered => (
                "or_other 和 choice_filter 不能一起用：“其他”会被筛掉；请删掉 or_other，在 choices 里自己写一项“其他”",
                "or_other and choice_filter do not go together: the filter would hide “other”; add a choice for it instead",
            ),
            Self::TooDeep => (
                "组里套组太深，请少套几层",
                "Groups stand too deep in each other; use fewer levels",
            ),
            Self::TooLong => ("文字太长，请写短一些", "The text is too long; shorten it"),
            _ => return None,
        };
        Some(Sentence::new(zh, en))
    }

    /// Of names, words and lists.
    fn of_names(&self) -> Option<Sentence> {
        let (zh, en) = match self {
            Self::NoType(word, meant) => match meant {
                Some(meant) => (
                    format!("没有“{word}”这种题型，是不是 {meant}？"),
                    format!("There is no type “{word}”; did you mean {meant}?"),
                ),
                None => (
                    format!("没有“{word}”这种题型，请改成 XLSForm 的题型"),
                    format!("There is no type “{word}”; use a type of XLSForm"),
                ),
            },
            Self::SheetMeant(name) => (
                format!("这张表没有读取，是不是要叫 {name}？"),
                format!("This sheet was not read; should it be called {name}?"),
            ),
            Self::TypeNotSupported(word) => {
                let (zh, en) = instead(word);
                (
                    format!("题型 {word} 遍访不支持，{zh}"),
                    format!("Bianfang does not support the type {word}; {en}"),
                )
            }
            Self::BadName(name) => (
                format!("名称“{name}”不能用：要以字母或汉字开头，只含字母、数字、_ - ."),
                format!("The name “{name}” cannot be used: begin with a letter; letters, digits, _ - . only"),
            ),
            Self::NameAgain(name, row) => (
                format!("名称“{name}”在第{row}行已经用过，请换一个"),
                format!("The name “{name}” stands in row {row} already; choose another"),
            ),
            Self::NoLabelIn(language) => (
                format!("缺“{language}”的文字，会显示别的语言"),
                format!("The label in “{language}” is missing; another language will be shown"),
            ),
            Self::NoList(list) => (
                format!("choices 表里没有选项组“{list}”，请加上或改名"),
                format!("The sheet choices has no list “{list}”; add it or correct the name"),
            ),
            Self::ChoiceAgain(value, row) => (
                format!("选项“{value}”在第{row}行已经有了，请删掉一个"),
                format!("The choice “{value}” stands in row {row} already; remove one"),
            ),
            Self::ChoiceWithSpace(value) => (
                format!("选项值“{value}”里有空格，多选题分不开；请去掉空格"),
                format!("The choice “{value}” holds a space, by which several choices are told apart; remove it"),
            ),
            Self::NoFile(file) => (
                format!("没有找到文件 {file}，请放进 --media 的文件夹"),
                format!("The file {file} was not found; put it into the folder given with --media"),
            ),
            Self::NoQuestion(name) => (
                format!("没有名称为“{name}”的题，请改对名称"),
                format!("There is no question “{name}”; correct the name"),
            ),
            Self::NameTwice(name) => (
                format!("有几道题都叫“{name}”，分不清指哪一道；请改成不同的名称"),
                format!("Several questions are called “{name}”, so it could be any of them; rename them"),
            ),
            Self::NoListColumn(name) => (
                format!("选项里没有“{name}”这一列，请改对列名"),
                format!("The choices have no column “{name}”; correct the name"),
            ),
            _ => return None,
        };
        Some(Sentence { zh, en })
    }

    /// Of whom a form is about, and what it reads from the register.
    fn of_the_register(&self) -> Option<Sentence> {
        let (zh, en) = match self {
            Self::NoSubject(text) => (
                format!("没有“{text}”这种对象，请写 household、person、village、group、facility 或 visit"),
                format!("Forms are not about “{text}”; write household, person, village, group, facility or visit"),
            ),
            Self::BadDue(text) => (
                format!("“{text}”不是次数，请写 4/year、1/quarter 或 1/month 这样"),
                format!("“{text}” is no number of times; write it as 4/year, 1/quarter or 1/month"),
            ),
            Self::NoDueRole(text) => (
                format!("没有“{text}”这种角色，请写 member、leader 或 doctor"),
                format!("There is no role “{text}” here; write member, leader or doctor"),
            ),
            Self::RoleWithoutDue => (
                String::from("写了 due_role，没有写 due；请写上多久一次，或删掉 due_role"),
                String::from("There is a due_role and no due; say how often, or remove due_role"),
            ),
            Self::NoQuestionYet(name) => (
                format!("整张表单的条件里不能写题“{name}”：那时还没有答案；请用 pulldata 查名册"),
                format!("The condition of the form cannot ask “{name}”: nothing is answered yet; use pulldata"),
            ),
            Self::ListNotHere(file, subject) => (
                format!("对象是 {} 的表单没有 {file}，请改 subject 或换一张", subject.code()),
                format!(
                    "Forms about a {} have no {file}; change subject or use another list",
                    subject.code()
                ),
            ),
            Self::NoRegisterColumn(file, column) => (
                format!("{file} 没有“{column}”这一列，请改对列名"),
                format!("{file} has no column “{column}”; correct the name"),
            ),
            _ => return None,
        };
        Some(Sentence { zh, en })
    }

    /// Of what is written into the register and proposed.
    fn of_what_is_written(&self) -> Option<Sentence> {
        let (zh, en) = match self {
            Self::NoField(key, subject) => (
                format!("对象是 {} 的表单不能用名册的“{key}”，请改对名称", subject.code()),
                format!(
                    "Forms about a {} have no field “{key}” of the register; correct it",
                    subject.code()
                ),
            ),
            Self::NotAsked(key) => (
                format!("“{key}”要走访的人看过才算，这一题要让人回答，请删掉 default、calculation 和 trigger"),
                format!(
                    "“{key}” counts only where the visitor looked: let people answer it, without default, calculation or trigger"
                ),
            ),
            Self::EveryVisit => (
                String::from("走访的表单每次走访都问，请删掉这一项"),
                String::from("A form about visits is asked at every visit; take this setting out"),
            ),
            Self::NotWritten(subject) => (
                format!("对象是 {} 的表单不写名册，请删掉 save_to", subject.code()),
                format!(
                    "Forms about a {} write nothing into the register; remove save_to",
                    subject.code()
                ),
            ),
            Self::FieldType(key, kind) => (
                format!("这种题的答案不能作“{key}”（{kind}），请换题型或换一项"),
                format!("“{key}” ({kind}) takes no such answer; use another type or another field"),
            ),
            Self::FieldChoice(key, value) => (
                format!("“{key}”没有选项“{value}”，请把选项的 name 改成名册里的值"),
                format!("“{key}” has no choice “{value}”; give the choices the values of the register"),
            ),
            Self::InRepeat => (
                String::from("重复组里的题每份都有答案，不能用在这里；请移到重复组外面"),
                String::from("A repeated question has many answers and cannot do this; move it out of the repeat"),
            ),
            Self::NoAnswer => (
                String::from("这一行没有答案，请删掉这一格或写在题上"),
                String::from("This row has no answer; empty the cell or write it beside a question"),
            ),
            Self::WrittenTwice(key, row) => (
                format!("第{row}行已经写入“{key}”，请只留一处"),
                format!("Row {row} writes into “{key}” already; keep one of them"),
            ),
            Self::NoCategory(text) => {
                let known: Vec<&str> = categories().map(|category| category.value).collect();
                (
                    format!("没有“{text}”这类问题，请写其中一类：{}", known.join("、")),
                    format!("There is no category “{text}”; write one of: {}", known.join(", ")),
                )
            }
            Self::LabelWithoutProblem => (
                String::from("写了 problem_label，没有写 problem；请写上问题类别"),
                String::from("There is a problem_label and no problem; write its category"),
            ),
            Self::ColumnTwice(other) => (
                format!("这一列和“{other}”是一个意思，两列都填了；请只留一列"),
                format!("This column means the same as “{other}”, and both are filled in; keep one"),
            ),
            _ => return None,
        };
        Some(Sentence { zh, en })
    }

    /// Of how questions look, and of what is written in signs.
    fn of_looks(&self) -> Option<Sentence> {
        let (zh, en) = match self {
            Self::DateSign(sign) => (
                format!("日期格式里不能用 %{sign}，可以用 %Y %m %d %H %M %S 等"),
                format!("The pattern of a date has no %{sign}; use %Y %m %d %H %M %S and the like"),
            ),
            Self::NoMap(word) => (
                format!("外观 {word} 的地图不显示：位置用手机定位，也可以手填经纬度"),
                format!("The map of {word} is not shown: the position is taken from the phone, or typed"),
            ),
            Self::Styled(sign) => (
                format!("“{sign}”不会变成粗体或颜色，会照样显示；请删掉"),
                format!("“{sign}” makes nothing bold or coloured and is shown as it is; remove it"),
            ),
            Self::Pattern(text) => (
                format!("regex 的写法“{text}”不对或不能用：括号要配对，不能用 (?=…)、(?!…)、\\1 和 \\p{{…}}"),
                format!(
                    "The pattern “{text}” is wrong or cannot be used: close its brackets; (?=…), (?!…), \\1 and \\p{{…}} are not known"
                ),
            ),
            Self::Appearance(word) => (
                format!("外观（appearance）“{word}”遍访不支持，请删掉"),
                format!("Bianfang does not support the appearance “{word}”; remove it"),
            ),
            _ => return None,
        };
        Some(Sentence { zh, en })
    }

    /// Of what stands in a cell.
    fn of_cells(&self) -> Sentence {
        let (zh, en) = match self {
            Self::Expression(error) => {
                let (zh, en) = fault_words(&error.fault);
                let at = error.at + 1;
                (format!("第{at}个字：{zh}"), format!("Character {at}: {en}"))
            }
            Self::NoChoicesIn(file) => (
                format!("文件 {file} 里没有选项：要有 name 和 label 两列，或用 parameters 写明 value= 和 label="),
                format!(
                    "{file} holds no choices: it needs the columns name and label, or parameters value= and label="
                ),
            ),
            Self::Circle(names) => (
                format!("互相循环：{}，请断开一处", names.join(" → ")),
                format!(
                    "These follow from each other in a circle: {}; break it",
                    names.join(" → ")
                ),
            ),
            Self::TriggerUnseen(name) => (
                format!("“{name}”不由人回答，不会触发；请写一道由人回答的题"),
                format!("“{name}” is not answered by people and sets nothing off; name a question that is"),
            ),
            Self::NoChoiceLabel(value) => (
                format!("选项“{value}”没有文字（label），会显示它的值"),
                format!("The choice “{value}” has no label; its value will be shown"),
            ),
            Self::Parameter(text) => (
                format!("参数“{text}”不认识或不对，请改正"),
                format!("The parameter “{text}” is unknown or wrong; correct it"),
            ),
            Self::NoParameter(name) => (
                format!("参数 {name} 要写一个数"),
                format!("The parameter {name} needs a number"),
            ),
            Self::NotYesNo(text) => (
                format!("“{text}”既不是 yes/no，也不是算式，请改成其中一种"),
                format!("“{text}” is neither yes or no nor an expression; write one of them"),
            ),
            Self::BadFormId(id) => (
                format!("form_id“{id}”不能用：只含字母、数字、_ - .，不超过64个字"),
                format!("The form_id “{id}” cannot be used: letters, digits, _ - . only, 64 at most"),
            ),
            Self::BadVersion(version) => (
                format!("version“{version}”不能用：不超过32个字，不含空格"),
                format!("The version “{version}” cannot be used: 32 characters at most, no spaces"),
            ),
            Self::Language(language) => (
                format!("表里没有语言“{language}”，请和 label:: 后面的一致"),
                format!("The form has no language “{language}”; write it as behind label::"),
            ),
            Self::TooMany(most) => (
                format!("太多了，最多 {most} 行，请分成几张表单"),
                format!("Too many; {most} rows at most: divide it into several forms"),
            ),
            _ => (String::new(), String::new()),
        };
        Sentence { zh, en }
    }
}

/// What to do instead of a type that is not supported.
fn instead(word: &str) -> (&'static str, &'static str) {
    match word.split_whitespace().next().unwrap_or_default() {
        "audio" | "background-audio" | "video" | "file" => ("请改成 image（拍照）或 text（文字）", "use image or text"),
        "geotrace" | "geoshape" | "osm" => ("请改成 geopoint（一个点）", "use geopoint"),
        "audit" | "background-geopoint" | "start-geopoint" => (
            "不在后台记轨迹和位置；请删掉这一行",
            "nothing records tracks or positions unseen; remove this row",
        ),
        "username" | "phonenumber" | "email" | "simserial" | "subscriberid" | "imei" => (
            "谁填的、用哪部手机，记录里本来就有；请删掉这一行",
            "the record says who filled it in, and on which phone; remove this row",
        ),
        "uri:deviceid" => ("请改成 deviceid", "use deviceid"),
        "select_one_external" => (
            "请改成 select_one_from_file 文件名.csv，或 select_one 加 choice_filter",
            "use select_one_from_file FILE.csv, or select_one with a choice_filter",
        ),
        "xml-external" => ("请改成 csv-external", "use csv-external"),
        "begin_table" | "end_table" => ("请改成 begin_group 和 end_group", "use begin_group and end_group"),
        "select_one" | "select_one_from_file" | "select_multiple" | "select_multiple_from_file" | "rank" | "select" => {
            (
                "选项请写在 choices 表或 .csv 文件里",
                "put the choices into the sheet choices or a file .csv",
            )
        }
        _ => ("请换一种", "use another"),
    }
}

fn fault_words(fault: &Fault) -> (String, String) {
    let said = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match fault {
        Fault::Empty => said("算式是空的", "the expression is empty"),
        Fault::Unexpected(sign) => (format!("这里不能有“{sign}”"), format!("“{sign}” cannot stand here")),
        Fault::FullWidth(sign) => (
            format!("“{sign}”是中文符号，请改成英文符号"),
            format!("“{sign}” is a sign of Chinese typing; use the English one"),
        ),
        Fault::OpenText => said("引号没有配对", "the closing quote is missing"),
        Fault::OpenName => said("${ 后面缺 }", "the } after ${ is missing"),
        Fault::Number => said("不是数", "not a number"),
        Fault::Name(name) => (format!("“{name}”不是名称"), format!("“{name}” is no name")),
        Fault::Incomplete => said("算式没有写完", "the expression is not finished"),
        Fault::Misplaced => said("这里不能这样写", "this cannot stand here"),
        Fault::Unclosed => said("括号没有配对", "a bracket is not closed"),
        Fault::Meant(written, meant) => (
            format!("“{written}”请改成 {meant}"),
            format!("write {meant} instead of “{written}”"),
        ),
        Fault::Function(name, None) => (
            format!("遍访没有函数 {name}"),
            format!("Bianfang has no function {name}"),
        ),
        Fault::Function(name, Some(meant)) => (
            format!("没有函数 {name}，请改成 {meant}"),
            format!("there is no function {name}; write {meant}"),
        ),
        Fault::Arguments(name, least, most) => match least == most {
            true => (
                format!("{name} 要 {least} 个值"),
                format!("{name} takes {least} values"),
            ),
            false => (
                format!("{name} 要 {least} 到 {most} 个值"),
                format!("{name} takes {least} to {most} values"),
            ),
        },
        Fault::Axis(name) => (format!("没有方向 {name}::"), format!("there is no axis {name}::")),
        Fault::Attribute => said("表单里没有 @ 属性", "forms have no attributes"),
        Fault::TooLong => said("算式太长", "the expression is too long"),
        Fault::TooDeep => said("括号套得太深", "brackets stand too deep in each other"),
    }
}
