//! Rosters as they really come: what stands in the cells, the rows and the files.

#[path = "roster/support.rs"]
mod support;

use bianfang_endpoint::roster::{self, IdCheck, Severity};
use support::{Sheet, codes, families, households, person, read, sheet, text, workbook};

// ---- numbers

#[test]
fn id_numbers_that_a_spreadsheet_stored_as_numbers() {
    let roster = sheet(
        "
        姓名|身份证号|与户主关系
        王芳|#1.1010519491231E+17|户主
        李强|4.30599E+17|配偶
        赵军|430599195606039000|之子
        孙梅|#110105194912310021|之女
        周杰|'110105 19491231 002x|其他",
    );
    assert_eq!(
        codes(&roster),
        ["2 lost_digits", "3 lost_digits", "4 lost_digits", "5 id.checksum"]
    );
    assert_eq!(person(&roster, "王芳").id_check, IdCheck::DigitsLost);
    assert_eq!(person(&roster, "王芳").id_no.as_deref(), Some("110105194912310000"));
    assert!(roster.notes[0].todo.zh.contains("文本"));
    // A program wrote all eighteen digits into a number cell: they are there, though a spreadsheet would lose them.
    assert_eq!(person(&roster, "孙梅").id_no.as_deref(), Some("110105194912310021"));
    assert_eq!(person(&roster, "周杰").id_no.as_deref(), Some("11010519491231002X"));
}

#[test]
fn household_numbers_that_lost_their_last_digit_join_nobody() {
    let roster = sheet(
        "
        户编号|姓名|与户主关系
        #4228221042990030|王芳|户主
        #4228221042990030|李强|配偶
        #4228221042990030|赵军|户主
        #4228221042990030|孙梅|配偶
        #4228221042990040|周杰|户主",
    );
    assert_eq!(families(&roster), ["王芳+李强", "赵军+孙梅", "周杰"]);
    assert!(households(&roster).iter().all(|household| household.number.is_none()));
    assert_eq!(roster.notes.iter().filter(|note| note.code == "lost_digits").count(), 5);
    // Sixteen digits fit a float: where they do not all end in 0, nothing was lost.
    let kept = sheet("户编号|姓名|与户主关系\n#4228221042990030|王芳|户主\n#4228221042990031|赵军|户主");
    let numbers: Vec<_> = households(&kept)
        .iter()
        .map(|household| household.number.as_deref())
        .collect();
    assert_eq!(numbers, [Some("4228221042990030"), Some("4228221042990031")]);
    assert_eq!(support::codes(&kept), ["no_id_column"]);
}

#[test]
fn wrong_repeated_masked_and_foreign_id_numbers() {
    let roster = text(
        "姓名,证件类型,证件号码,与户主关系\n王芳,居民身份证,11010519491231002X,户主\n李强,,110105194912310021,配偶\n赵军,,110105491231002,之子\n\
         孙梅,,110105********002X,之女\n周杰,护照,E12345678,其他\n吴刚,,11010519491331002X,其他\n郑丽,,11010519491231002X,其他\n\
         冯远,,11010519491231002X43,其他\n陈一,,/,其他\n",
    );
    let with = |code: &str| {
        roster
            .notes
            .iter()
            .filter(|n| n.code == code)
            .map(|n| n.place.row)
            .collect::<Vec<_>>()
    };
    assert_eq!(with("id.checksum"), [3]);
    assert_eq!(with("id.fifteen"), [4]);
    assert_eq!(with("id_masked"), [5]);
    assert_eq!(with("id.birth"), [7]);
    assert_eq!(with("id_twice"), [2, 8, 9]);
    assert_eq!(with("id_missing"), [10]);
    assert_eq!(person(&roster, "周杰").id_check, IdCheck::Other);
    assert_eq!(person(&roster, "冯远").id_type.as_deref(), Some("残疾人证"));
    let twice = roster.notes.iter().find(|note| note.code == "id_twice").unwrap();
    assert_eq!(twice.reason.zh, "与第8行郑丽、第9行冯远的号码相同");
    assert_eq!(twice.rule, "DQ02");
    // What goes to a screen shows no whole number.
    assert!(
        roster
            .notes
            .iter()
            .all(|note| !note.line_zh().contains("19491231") && !note.line_en().contains("19491231"))
    );
}

#[test]
fn sex_and_birth_against_the_id_number() {
    let roster = sheet(
        "
        姓名|性别|身份证号|出生日期|与户主关系
        王芳|男|11010519491231002X|@18263|户主
        李强||11010519491231002X||其他
        赵军|女|11010519491231002X|1949.12|其他
        孙梅|女||@18263|其他
        周杰|女||#18263|其他
        吴刚|男||一九四九年|其他
        郑丽|女||1949年12月31日|其他
        冯远|女|11010519491231002X|19491230|其他",
    );
    let with = |code: &str| {
        roster
            .notes
            .iter()
            .filter(|n| n.code == code)
            .map(|n| n.place.row)
            .collect::<Vec<_>>()
    };
    assert_eq!(with("id_sex"), [2]);
    assert_eq!(with("id_birth"), [9]);
    assert_eq!(with("birth_unreadable"), [7]);
    assert_eq!(person(&roster, "李强").sex.as_deref(), Some("女"));
    for name in ["王芳", "李强", "赵军", "郑丽"] {
        assert_eq!(person(&roster, name).birth.as_deref(), Some("1949-12-31"), "{name}");
    }
    for name in ["孙梅", "周杰"] {
        assert_eq!(person(&roster, name).birth.as_deref(), Some("1949-12-31"), "{name}");
    }
    assert_eq!(person(&roster, "吴刚").birth.as_deref(), Some("一九四九年"));
}

#[test]
fn phones_in_every_shape() {
    let roster = sheet(
        "
        姓名|与户主关系|联系电话
        王芳|户主|#15400000001
        赵军|户主|１５４ 0000 0002
        孙梅|户主|15400000003/15400000004
        周杰|户主|1.54E+10
        吴刚|户主|123
        郑丽|户主|无
        冯远|户主|0718-3222222",
    );
    let phones: Vec<_> = households(&roster)
        .iter()
        .map(|household| household.phones.join(" "))
        .collect();
    assert_eq!(
        phones,
        [
            "15400000001",
            "15400000002",
            "15400000003 15400000004",
            "",
            "123",
            "",
            "0718-3222222"
        ]
    );
    assert_eq!(codes(&roster), ["no_id_column", "5 lost_digits", "6 phone_shape"]);
}

#[test]
fn the_phone_behind_the_helper_is_the_helpers() {
    let roster = text(
        "姓名,与户主关系,帮扶责任人,帮扶单位,联系电话\n王芳,户主,陈建国,县水利局,15400000009\n赵军,户主,陈建国,县水利局,15400000009\n\
         孙梅,户主,刘敏,县教育局,15400000008\n周杰,户主,陈建国、刘敏,,15400000009\n",
    );
    let all = households(&roster);
    assert_eq!(all[0].phones, [""; 0]);
    let helper = &all[0].pairing[0];
    assert_eq!(
        (helper.name.as_str(), helper.unit.as_deref()),
        ("陈建国", Some("县水利局"))
    );
    assert_eq!(helper.phone.as_deref(), Some("15400000009"));
    assert_eq!(
        all[3].pairing.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
        ["陈建国", "刘敏"]
    );
    // One phone for each household: it is the household's, though it stands behind the helper.
    let own = text(
        "姓名,与户主关系,包户干部,联系电话\n王芳,户主,陈建国,15400000001\n赵军,户主,陈建国,15400000002\n孙梅,户主,陈建国,15400000003\n",
    );
    assert_eq!(households(&own)[1].phones, ["15400000002"]);
}

// ---- words

#[test]
fn names_in_every_script_and_padding() {
    let roster = text(
        "户编号,姓名,与户主关系\n101,张　三,户主\n101,阿依古丽•买买提,配偶\n101,阿卜杜拉‧热合曼,之子\n101,古丽．阿不都,之女\n101,𠮷田㐂\u{200B},其他\n\
         101,MARIA WANG,之儿媳\n101,王\u{E123},其他\n101,王?芳,其他\n101,13800000000,其他\n101,李四（户主）,\n",
    );
    assert_eq!(
        support::names(households(&roster)[0])[..6],
        [
            "张三",
            "阿依古丽·买买提",
            "阿卜杜拉·热合曼",
            "古丽·阿不都",
            "𠮷田㐂",
            "MARIA WANG"
        ]
    );
    let found = codes(&roster);
    for code in ["8 private_character", "9 unreadable", "10 odd_name", "11 several_heads"] {
        assert!(found.contains(&code.to_owned()), "{code}: {found:?}");
    }
    assert_eq!(person(&roster, "李四").relation.as_deref(), Some("户主"));
}

#[test]
fn classes_low_income_destitute_monitored() {
    let roster = text(
        "姓名,与户主关系,户类型,监测对象类别,是否低保,低保类别,是否特困,是否监测户,分类管理,致贫原因,其他致贫原因\n\
         王芳,户主,脱贫户,脱贫不稳定户,是,2,否,是,重点帮扶户,1因病,缺技术、因学\n赵军,户主,一般户,无,否,,×,,,,\n孙梅,户主,五保户,,√,,√,,,因残 缺劳力,\n\
         周杰,户主,脱贫户、低保户,,一类,,,,,,\n",
    );
    let all = households(&roster);
    assert_eq!(all[0].classes, ["脱贫户", "脱贫不稳定户", "监测对象", "低保户"]);
    assert_eq!(
        (all[0].dibao_class.as_deref(), all[0].tier.as_deref()),
        (Some("二类"), Some("重点帮扶户"))
    );
    assert_eq!(all[0].main_cause.as_deref(), Some("因病"));
    assert_eq!(all[0].other_causes, ["缺技术", "因学"]);
    assert_eq!(all[1].classes, ["一般农户"]);
    assert_eq!(all[2].classes, ["特困户", "低保户"]);
    assert_eq!(
        (all[2].main_cause.as_deref(), &all[2].other_causes[..]),
        (Some("因残"), &["缺劳力".to_owned()][..])
    );
    assert_eq!(
        (&all[3].classes[..], all[3].dibao_class.as_deref()),
        (&["脱贫户".to_owned(), "低保户".into()][..], Some("一类"))
    );
    assert_eq!(codes(&roster), ["no_id_column"]);
}

#[test]
fn rules_of_relation_education_and_health() {
    let roster = text(
        "户编号,姓名,性别,与户主关系,文化程度,在校生状况,失学或辍学原因,健康状况,残疾证号\n\
         101,王芳,女,户主,初中,,,健康,\n101,李强,女,配偶,小学,小学,,\"健康,长期慢性病\",\n101,李明,女,之子,,,,,\n101,李红,女,之女,,,因病,残疾,\n\
         101,李青,女,之女,,七年级,,残疾,11010519491231002X43\n101,李蓝,女,表妹,大学生,,,不好,\n",
    );
    let mut found = codes(&roster);
    let expected = [
        "3 education_both",
        "3 health_exclusive",
        "3 spouse_sex",
        "4 education_neither",
        "4 health_empty",
        "4 relation_sex",
        "5 no_disability_card",
        "7 health_unknown",
        "7 not_in_list",
        "7 not_in_list",
        "no_id_column",
    ];
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(person(&roster, "李蓝").relation.as_deref(), Some("表妹"));
    assert_eq!(person(&roster, "李蓝").health, ["不好"]);
}

// ---- rows

#[test]
fn only_rows_with_neither_name_nor_household_are_refused() {
    let roster = text(
        "户编号,姓名,与户主关系,身份证号,备注\n101,王芳,户主,,\n,,,,电话打不通\n,,之子,11010519491231002X,\n101,,之女,,\n102,,,,搬走\n,李强,,,\n",
    );
    let refused: Vec<u32> = roster.rejected.iter().map(|note| note.place.row).collect();
    assert_eq!(refused, [3, 4]);
    assert!(
        roster
            .rejected
            .iter()
            .all(|note| note.severity == Severity::Refused && note.code == "no_name_no_household")
    );
    assert_eq!(families(&roster), ["王芳+?", "李强"]);
    let found = codes(&roster);
    assert!(found.contains(&"5 no_name".to_owned()), "{found:?}");
}

#[test]
fn formulas_that_went_wrong_are_empty() {
    let roster =
        text("户编号,姓名,与户主关系,联系电话,民族\n101,王芳,户主,#N/A,#REF!\n#VALUE!,李强,配偶,/,——\n#N/A,#N/A,,,\n");
    assert_eq!(families(&roster), ["王芳+李强"]);
    assert_eq!(codes(&roster), ["no_id_column"]);
}

#[test]
fn prepared_but_empty_lines_are_not_refused() {
    let roster = sheet(
        "
        序号|乡镇|行政村|组|姓名|与户主关系|家庭人口数
        1|甲镇|大村|1组|王芳|户主|#1
        2|甲镇|大村|1组|||#0
        3|甲镇|大村|2组|||
        4||||||",
    );
    assert_eq!(families(&roster), ["王芳"]);
    assert_eq!(roster.rejected, []);
}

#[test]
fn values_of_one_household_that_differ_are_noted() {
    let roster = text("户编号,姓名,与户主关系,住房等级,家庭人口数\n101,王芳,户主,A,3\n101,李强,配偶,B,3\n");
    assert_eq!(households(&roster)[0].housing.as_deref(), Some("A"));
    assert_eq!(
        codes(&roster),
        ["no_id_column", "2 family_size", "3 differs_in_household"]
    );
}

#[test]
fn columns_of_the_office_are_kept_where_they_belong() {
    let roster = text(
        "户编号,姓名,与户主关系,备注,养殖面积,\n101,王芳,户主,,3.5亩,甲\n101,李强,配偶,在广州,3.5亩,\n102,赵军,户主,,2亩,\n",
    );
    let first = households(&roster)[0];
    // A number that only counts families here is no 户编号, but it is not lost.
    let pair = |title: &str, value: &str| (title.to_owned(), value.to_owned());
    assert_eq!(
        first.extra,
        [pair("养殖面积", "3.5亩"), pair("F列", "甲"), pair("户编号", "101")]
    );
    assert_eq!(first.number, None);
    assert_eq!(
        person(&roster, "李强").extra,
        [("备注".to_owned(), "在广州".to_owned())]
    );
}

// ---- files

#[test]
fn text_tables_in_every_encoding_with_every_separator() {
    let table = |separator: &str| {
        "户编号|姓名|与户主关系|备注\n101|𠮷田㐂|户主|甲\n101|王芳|配偶|\"上\n下\"\n".replace('|', separator)
    };
    let utf16 = |text: &str, little: bool| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    };
    for separator in [",", "\t", ";"] {
        let text = table(separator);
        let mut marked = b"\xEF\xBB\xBF".to_vec();
        marked.extend(text.as_bytes());
        let (gb, _, lossy) = encoding_rs::GB18030.encode(&text);
        assert!(!lossy);
        let files = [
            text.as_bytes().to_vec(),
            marked,
            gb.into_owned(),
            utf16(&text, true),
            utf16(&text, false),
        ];
        for (at, bytes) in files.iter().enumerate() {
            let roster = read(bytes, "x.txt");
            assert_eq!(families(&roster), ["𠮷田㐂+王芳"], "{separator:?} {at}");
            let remark = person(&roster, "王芳").extra.first().map(|(_, value)| value.as_str());
            assert_eq!(remark, Some("上 下"), "{separator:?} {at}");
        }
    }
}

#[test]
fn hidden_sheets_are_passed_over_and_said() {
    let sheets = [
        Sheet::new("名册", "姓名|与户主关系\n王芳|户主"),
        Sheet::new("旧名册", "姓名|与户主关系\n李强|户主").state("hidden"),
        Sheet::new("字典", "男\n女").state("veryHidden"),
        Sheet::new("空", ""),
    ];
    let roster = read(&workbook(&sheets), "x.xlsx");
    assert_eq!(families(&roster), ["王芳"]);
    let said: Vec<_> = roster
        .notes
        .iter()
        .map(|note| (note.code, note.sheet.as_str()))
        .collect();
    assert_eq!(said, [("no_id_column", "名册"), ("sheet_hidden", "旧名册")]);
}

#[test]
fn the_same_file_is_read_the_same_twice() {
    let bytes = "户编号,姓名,与户主关系,身份证号\n101,王芳,户主,1\n101,李强,户主,2\n".as_bytes();
    let day = support::TODAY.parse().unwrap();
    assert_eq!(roster::read(bytes, "x", day), roster::read(bytes, "x", day));
}
