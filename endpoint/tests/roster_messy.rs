//! Rosters as they really come: titles in every shape, families and villages told apart by whatever there is.

#[path = "roster/support.rs"]
mod support;

use bianfang_endpoint::roster::{IdCheck, Severity};
use support::{Sheet, codes, families, households, person, read, sheet, text, workbook};

// ---- where the titles are, and what they are called

#[test]
fn titles_in_any_row_and_order_with_decoration() {
    let roster = sheet(
        "
        武冈市湾头桥镇大村农户花名册
        |填报时间：2024年5月|
        |
        * 联 系 电 话（必填）|3、公民身份号码|与户主\\n的关系|组　别|★成员姓名★|户编码|备注
        15400000001|11010519491231002x|户主|３组|王芳|4305811002980001|无
        |||3组|李强|4305811002980001|",
    );
    assert_eq!(families(&roster), ["王芳+李强"]);
    let household = households(&roster)[0];
    assert_eq!(
        (household.group.as_deref(), &household.phones[..]),
        (Some("3组"), &["15400000001".to_owned()][..])
    );
    assert_eq!(person(&roster, "王芳").id_no.as_deref(), Some("11010519491231002X"));
    let village = &roster.villages[0];
    assert_eq!(
        (village.township.as_deref(), village.name.as_deref()),
        (Some("湾头桥镇"), Some("大村"))
    );
    assert_eq!(village.code.as_deref(), Some("430581100298"));
}

#[test]
fn a_header_of_two_rows_with_merged_groups() {
    let sheet = Sheet::new(
        "Sheet1",
        "
        大村名册
        序号|户编号|家庭成员信息||||帮扶责任人||2024年
        ||姓名|性别|身份证号码|与户主关系|姓名|联系电话|医保
        1|4305811002980001|王芳|女|11010519491231002X|户主|陈建国|15400000009|是",
    )
    .merged(&["A1:I1", "A2:A3", "B2:B3", "C2:F2", "G2:H2"]);
    let roster = read(&workbook(&[sheet]), "x.xlsx");
    assert_eq!(families(&roster), ["王芳"]);
    let household = households(&roster)[0];
    assert_eq!(
        (
            household.pairing[0].name.as_str(),
            household.pairing[0].phone.as_deref()
        ),
        ("陈建国", Some("15400000009"))
    );
    assert_eq!(household.phones, [""; 0]);
    assert_eq!(person(&roster, "王芳").insured, [(Some(2024), "是".to_owned())]);
    assert_eq!(roster.sheets[0].header_rows, [[2, 3]]);
}

#[test]
fn a_header_of_two_rows_in_a_text_table_has_no_merged_cells() {
    let roster = text(
        "
户主信息,,,家庭成员,,,
户主姓名,身份证号,联系电话,姓名,性别,身份证号码,与户主关系
王芳,11010519491231002X,15400000001,王芳,女,11010519491231002X,户主
王芳,,,李强,男,,配偶
",
    );
    assert_eq!(families(&roster), ["王芳+李强"]);
    assert_eq!(person(&roster, "王芳").id_check, IdCheck::Valid);
    assert_eq!(households(&roster)[0].phones, ["15400000001"]);
}

#[test]
fn a_line_of_column_numbers_below_the_titles_is_nobody() {
    let roster = sheet(
        "
        序号|姓名|与户主关系|性别
        甲|乙|1|2
        1|王芳|户主|女",
    );
    assert_eq!(families(&roster), ["王芳"]);
    assert_eq!(roster.rejected, []);
}

#[test]
fn titles_repeated_on_every_page_and_totals_in_between() {
    let roster = sheet(
        "
        序号|户编号|姓名|与户主关系|家庭人口
        1|101|王芳|户主|#1
        本页小计||||#1
        序号|户编号|姓名|与户主关系|家庭人口
        2|102|李强|户主|#1
        合计：2户|||2人|
        填表人：张三|||审核人：李四|
        注：以上为2024年数据。|||",
    );
    assert_eq!(families(&roster), ["王芳", "李强"]);
    assert_eq!(roster.rejected, []);
}

#[test]
fn closing_words_in_the_column_of_names_are_nobody() {
    let roster = text(
        "姓名,与户主关系,身份证号\n王芳,户主,\n合计,,\n填表人,张三,\n,,\n备注：以户口簿为准，如有变化请联系村委会。,,\n",
    );
    assert_eq!(families(&roster), ["王芳"]);
    assert_eq!(roster.rejected, []);
}

#[test]
fn a_second_list_below_the_first_with_other_titles() {
    let roster = sheet(
        "
        一、脱贫户
        姓名|与户主关系|性别|户类型
        王芳|户主|女|脱贫户

        二、监测户
        性别|姓名|与户主关系|监测对象类别
        男|李强|户主|边缘户",
    );
    assert_eq!(families(&roster), ["王芳", "李强"]);
    assert_eq!(households(&roster)[1].classes, ["边缘易致贫户"]);
    assert_eq!(person(&roster, "李强").sex.as_deref(), Some("男"));
}

// ---- what is one family

#[test]
fn number_and_group_only_in_the_first_row_of_a_family() {
    let roster = text(
        "户编号,组,姓名,关系,电话\n4305811002980001,1组,王芳,户主,15400000001\n,,李强,配偶,\n,,李明,之子,15400000003\n\
         4305811002980002,2组,赵军,户主,\n,,孙梅,配偶,\n",
    );
    assert_eq!(families(&roster), ["王芳+李强+李明", "赵军+孙梅"]);
    assert_eq!(households(&roster)[1].group.as_deref(), Some("2组"));
    assert_eq!(households(&roster)[0].phones, ["15400000001"]);
    assert_eq!(person(&roster, "李明").phones, ["15400000003"]);
}

#[test]
fn vertically_merged_cells_speak_for_all_their_rows() {
    let sheet = Sheet::new(
        "Sheet1",
        "
        户编号|村民小组|姓名|性别|联系电话
        4305811002980001|1组|王芳|女|15400000001
        ||李强|男|
        4305811002980002||赵军|男|15400000002
        ||孙梅|女|",
    )
    .merged(&["A2:A3", "A4:A5", "B2:B5", "E2:E3"]);
    let roster = read(&workbook(&[sheet]), "x.xlsx");
    assert_eq!(families(&roster), ["王芳+李强", "赵军+孙梅"]);
    assert_eq!(households(&roster)[1].group.as_deref(), Some("1组"));
    assert_eq!(households(&roster)[1].phones, ["15400000002"]);
}

#[test]
fn families_without_numbers_begin_with_the_head() {
    let roster = text("姓名,与户主关系\n王芳,户主\n李强,夫\n李明,长子\n赵军,本人\n孙梅,妻\n");
    assert_eq!(families(&roster), ["王芳+李强+李明", "赵军+孙梅"]);
    let son = person(&roster, "李明");
    assert_eq!(
        (son.relation.as_deref(), son.relation_written.as_deref()),
        (Some("之子"), Some("长子"))
    );
}

#[test]
fn families_by_the_name_of_the_head() {
    let roster = text(
        "户主姓名,组,姓名,性别,身份证号\n王芳,1组,王芳,女,\n王芳,1组,李强,男,\n王芳,2组,王芳,女,\n王芳,2组,李军,男,\n赵军,2组,孙梅,女,\n",
    );
    // Two heads of one name in two groups; a head who is not listed.
    assert_eq!(families(&roster), ["王芳+李强", "王芳+李军", "孙梅"]);
    assert_eq!(person(&roster, "王芳").relation.as_deref(), Some("户主"));
    assert!(
        codes(&roster).contains(&"6 head_not_listed".to_owned()),
        "{:?}",
        codes(&roster)
    );
}

#[test]
fn rows_of_a_family_that_stand_apart_find_their_head() {
    let roster = text(
        "姓名,户主姓名,村民小组,与户主关系,性别\n王芳,王芳,1组,户主,女\n赵军,赵军,1组,户主,男\n李强,王芳,1组,配偶,男\n孙梅,赵军,1组,配偶,女\n",
    );
    assert_eq!(families(&roster), ["王芳+李强", "赵军+孙梅"]);
}

#[test]
fn families_by_a_running_number_in_their_first_row() {
    let roster =
        text("序号,姓名,性别,身份证号\n1,王芳,女,\n,李强,男,\n2,赵军,男,\n,孙梅,女,\n,赵小军,男,\n3,周杰,男,\n");
    assert_eq!(families(&roster), ["王芳+李强", "赵军+孙梅+赵小军", "周杰"]);
    let repeated = text("户序号,姓名,性别\n1,王芳,女\n1,李强,男\n2,赵军,男\n2,孙梅,女\n");
    assert_eq!(families(&repeated), ["王芳+李强", "赵军+孙梅"]);
}

#[test]
fn a_running_number_of_rows_does_not_tear_families() {
    let roster = text("序号,姓名,与户主关系\n1,王芳,户主\n2,李强,配偶\n,李明,之子\n4,赵军,户主\n5,孙梅,配偶\n");
    assert_eq!(families(&roster), ["王芳+李强+李明", "赵军+孙梅"]);
}

#[test]
fn a_list_of_heads_only() {
    let roster = text(
        "序号,组,户主姓名,身份证号,家庭人口,联系电话,户类型\n1,五组,王芳,11010519491231002X,4,15400000001,一般户\n2,5,赵军,,3,,低保户\n",
    );
    assert_eq!(families(&roster), ["王芳", "赵军"]);
    let all = households(&roster);
    assert_eq!(
        (all[0].group.as_deref(), all[1].group.as_deref()),
        (Some("5组"), Some("5组"))
    );
    assert_eq!(
        (all[0].stated_size, &all[0].classes[..]),
        (Some(4), &["一般农户".to_owned()][..])
    );
    assert_eq!(person(&roster, "王芳").relation.as_deref(), Some("户主"));
    assert_eq!(person(&roster, "王芳").id_check, IdCheck::Valid);
    assert_eq!(codes(&roster), ["3 id_missing"]);
}

#[test]
fn nothing_tells_families_apart() {
    let roster = text("姓名,性别,身份证号\n王芳,女,11010519491231002X\n李强,男,无\n");
    assert_eq!(families(&roster), ["王芳", "李强"]);
    assert_eq!(codes(&roster), ["one_row_one_household"]);
    assert_eq!(person(&roster, "李强").id_check, IdCheck::NoDocument);
}

#[test]
fn no_head_and_two_heads_are_one_household_and_noted() {
    let roster = text(
        "户编号,姓名,与户主关系,性别\n101,王芳,配偶,女\n101,李明,之子,男\n102,赵军,户主,男\n102,孙梅,户主,女\n102,钱进,配偶,男\n102,钱多,配偶,女\n",
    );
    assert_eq!(families(&roster), ["王芳+李明", "赵军+孙梅+钱进+钱多"]);
    assert_eq!(
        codes(&roster),
        ["no_id_column", "2 no_head", "5 several_heads", "7 several_spouses"]
    );
    let note = &roster.notes[2];
    assert_eq!((note.rule, note.severity), ("DQ03", Severity::Flagged));
    assert_eq!(
        note.line_zh(),
        "第5行 C列“与户主关系”“户主”：这一户有不止一个户主（第4、5行）（DQ03）。请指定一个户主。"
    );
}

#[test]
fn lists_of_households_and_of_people_in_two_sheets_are_joined() {
    let sheets = [
        Sheet::new(
            "户信息",
            "
            户编号|户主姓名|户主身份证号|联系电话|住房等级|银行卡号
            4305811002980001|王芳|11010519491231002X|15400000001|A级|无
            4305811002980002|赵军||15400000002|C|6222",
        ),
        Sheet::new(
            "人员信息",
            "
            户编号|姓名|与户主关系|性别
            4305811002980002|赵军|户主|男
            4305811002980002|孙梅|配偶|女
            4305811002980001|王芳|户主|
            4305811002980001|李强|配偶|男",
        ),
    ];
    let roster = read(&workbook(&sheets), "x.xlsx");
    assert_eq!(families(&roster), ["王芳+李强", "赵军+孙梅"]);
    assert_eq!(households(&roster)[1].housing.as_deref(), Some("C"));
    let head = person(&roster, "王芳");
    assert_eq!(
        (head.id_check, head.birth.as_deref()),
        (IdCheck::Valid, Some("1949-12-31"))
    );
}

#[test]
fn heads_by_a_column_or_a_mark_of_their_own() {
    let roster = text("姓名,是否户主,性别\n王芳,是,女\n李强,否,男\n赵军,√,男\n孙梅,,女\n");
    assert_eq!(families(&roster), ["王芳+李强", "赵军+孙梅"]);
    assert_eq!(person(&roster, "赵军").relation.as_deref(), Some("户主"));
    let marked = text("姓名,性别\n*王芳（户主）,女\n李强,男\n赵军(户主),男\n");
    assert_eq!(families(&marked), ["王芳+李强", "赵军"]);
    let coded = text("姓名,与户主关系\n王芳,01\n李强,02\n赵军,01\n孙梅,04\n");
    assert_eq!(families(&coded), ["王芳+李强", "赵军+孙梅"]);
    assert_eq!(person(&coded, "孙梅").relation.as_deref(), Some("之女"));
}

#[test]
fn a_list_printed_in_two_halves_beside_each_other() {
    let roster = sheet(
        "
        大村户主名册||||||
        序号|户主姓名|联系电话||序号|户主姓名|联系电话
        1|王芳|15400000001||3|孙梅|15400000003
        2|赵军|15400000002|||| ",
    );
    assert_eq!(families(&roster), ["王芳", "赵军", "孙梅"]);
    assert_eq!(households(&roster)[2].phones, ["15400000003"]);
    assert_eq!(
        households(&roster)
            .iter()
            .flat_map(|household| &household.extra)
            .count(),
        0
    );
}

#[test]
fn several_names_in_one_cell_are_one_odd_person() {
    let roster = text("户主姓名,家庭成员,联系电话\n王芳,李强、李明,15400000001\n");
    assert_eq!(families(&roster), ["李强、李明"]);
    assert!(
        codes(&roster).contains(&"2 odd_name".to_owned()),
        "{:?}",
        codes(&roster)
    );
}

// ---- several villages

#[test]
fn several_villages_by_a_column() {
    let roster = text(
        "乡镇,行政村,户编号,姓名,与户主关系\n甲镇,大村,4305811002980001,王芳,户主\n,,,李强,配偶\n甲镇,小村村委会,4305811002990001,赵军,户主\n\
         甲镇,大 村,4305811002980002,孙梅,户主\n",
    );
    let villages: Vec<_> = roster
        .villages
        .iter()
        .map(|v| {
            (
                v.name.as_deref().unwrap(),
                v.code.as_deref().unwrap(),
                v.households.len(),
            )
        })
        .collect();
    assert_eq!(villages, [("大村", "430581100298", 2), ("小村", "430581100299", 1)]);
    assert_eq!(families(&roster), ["王芳+李强", "孙梅", "赵军"]);
}

#[test]
fn several_villages_by_sheets_and_groups_by_separator_lines() {
    let sheets = [
        Sheet::new("大村", "姓名|与户主关系\n第一组|\n王芳|户主\n二组|\n赵军|户主"),
        Sheet::new("小村", "姓名|与户主关系|组\n孙梅|户主|下湾\n周杰|户主|"),
        Sheet::new("填表说明", "1.姓名必填，2.身份证号要核对"),
    ];
    let roster = read(&workbook(&sheets), "x.xlsx");
    let names: Vec<_> = roster
        .villages
        .iter()
        .filter_map(|village| village.name.as_deref())
        .collect();
    assert_eq!(names, ["大村", "小村"]);
    let groups: Vec<_> = households(&roster)
        .iter()
        .map(|household| household.group.as_deref())
        .collect();
    assert_eq!(groups, [Some("1组"), Some("2组"), Some("下湾"), Some("下湾")]);
}

#[test]
fn villages_that_only_the_numbers_tell_apart() {
    let roster = text(
        "户编号,姓名,与户主关系\n4305811002980001,王芳,户主\n4305811002980002,李强,户主\n4305811002990001,赵军,户主\n\
         4305811002990002,孙梅,户主\n,孙小梅,之女\n",
    );
    let codes: Vec<_> = roster
        .villages
        .iter()
        .map(|v| (v.code.as_deref().unwrap(), v.households.len()))
        .collect();
    assert_eq!(codes, [("430581100298", 2), ("430581100299", 2)]);
    // One number among many is a slip, not a village.
    let roster = text("户编号,姓名\n4305811002980001,王芳\n4305811002980002,李强\n4305811002990001,赵军\n");
    assert_eq!(roster.villages.len(), 1);
    assert!(support::codes(&roster).contains(&"4 other_village_code".to_owned()));
}

#[test]
fn townships_and_groups_written_into_other_columns() {
    let roster =
        text("行政村,村民小组,姓名,与户主关系\n官店镇大村,大村第五组,王芳,户主\n官店镇大村,大村6组,赵军,户主\n");
    let village = &roster.villages[0];
    assert_eq!(
        (village.township.as_deref(), village.name.as_deref()),
        (Some("官店镇"), Some("大村"))
    );
    let groups: Vec<_> = households(&roster)
        .iter()
        .map(|household| household.group.as_deref())
        .collect();
    assert_eq!(groups, [Some("5组"), Some("6组")]);
}

#[test]
fn the_file_name_is_the_last_source() {
    let roster = read(
        "姓名,与户主关系\n王芳,户主\n".as_bytes(),
        "C:\\名册\\官店镇大村花名册422822104299.csv",
    );
    let village = &roster.villages[0];
    assert_eq!(
        (village.township.as_deref(), village.name.as_deref()),
        (Some("官店镇"), Some("大村"))
    );
    assert_eq!(village.code.as_deref(), Some("422822104299"));
}
