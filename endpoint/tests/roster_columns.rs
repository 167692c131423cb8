//! Columns beyond those that every roster has: fields of the register, columns of the office's own, and what stays there.

#[path = "roster/support.rs"]
mod support;

use support::*;

fn further<'a>(list: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    list.iter().map(|(key, value)| (*key, value.as_str())).collect()
}

#[test]
fn kind_and_level_of_a_disability_in_columns_of_their_own() {
    let roster = text(
        "户编号,姓名,与户主关系,健康状况,残疾类别,残疾等级,是否有残疾证\n\
         a1,王芳,户主,残疾,肢体,3级,是\na1,李强,配偶,残疾,听力残疾,四级,否\na1,李红,之女,健康,无,,\na1,李明,之子,残疾,视力,九级,\n",
    );
    let of = |name: &str| {
        let one = person(&roster, name);
        (
            one.disability.join("、"),
            one.disability_level.clone().unwrap_or_default(),
        )
    };
    assert_eq!(of("王芳"), ("肢体".into(), "三级".into()));
    assert_eq!(of("李强"), ("听力残疾".into(), "四级".into()));
    assert_eq!(of("李红"), (String::new(), String::new()));
    assert_eq!(of("李明"), ("视力".into(), "九级".into()));
    // Yes is not the number of a card, and answers the question for one.
    assert_eq!(person(&roster, "王芳").disability_card, None);
    assert_eq!(person(&roster, "王芳").extra, [("是否有残疾证".into(), "是".into())]);
    let mut found = codes(&roster);
    found.retain(|code| !code.starts_with("no_"));
    assert_eq!(found, ["3 no_disability_card", "5 not_in_list", "5 no_disability_card"]);
}

#[test]
fn columns_that_are_fields_of_the_register() {
    let roster = sheet(
        "户编号|姓名|与户主关系|住房面积(平方米)|耕地面积（亩）|与村主干路距离（公里）|是否通宽带|入户路类型|脱贫时间|识别时间|主要致贫原因|\
         返贫致贫风险|就读学校|慢性病病种|是否参加城乡居民基本养老保险|务工企业名称|月工资（元）\n\
         a1|王芳|户主|120.5|3.5亩|0.5|√|水泥路|2019年|@41640|因病|1因病、因自然灾害|||是||\n\
         a1|李强|配偶|||||||||||高血压、怪病|否|某电子厂|3500\n\
         a2|赵军|户主|很大|2|300米|无|木板路|前年|||||||",
    );
    let first = households(&roster)[0];
    assert_eq!(
        further(&first.further),
        [
            ("broadband", "是"),
            ("exited_on", "2019年"),
            ("house_area", "120.5"),
            ("identified_on", "2014-01-01"),
            ("land_farm", "3.5亩"),
            ("risk/{value}", "因病"),
            ("risk/{value}", "因自然灾害"),
            ("road", "水泥路"),
            ("road_m", "500"),
        ]
    );
    assert_eq!(first.main_cause.as_deref(), Some("因病"));
    assert_eq!(further(&person(&roster, "王芳").further), [("pension", "已参保")]);
    assert_eq!(
        further(&person(&roster, "李强").further),
        [
            ("disease/{value}", "高血压"),
            ("disease/{value}", "怪病"),
            ("job/{row}/employer", "某电子厂"),
            ("job/{row}/wage_fen", "3500"),
            ("pension", "未参保"),
        ]
    );
    // What cannot be read is kept as written, and named by cell.
    let second = households(&roster)[1];
    assert_eq!(
        further(&second.further),
        [
            ("broadband", "否"),
            ("exited_on", "前年"),
            ("house_area", "很大"),
            ("land_farm", "2"),
            ("road", "木板路"),
            ("road_m", "300米"),
        ]
    );
    let odd = roster.notes.iter().filter(|note| note.place.row == 4);
    let odd: Vec<_> = odd
        .filter_map(|note| Some((note.column.as_ref()?.1.as_str(), note.code)))
        .collect();
    assert_eq!(odd, [("I", "date.shape"), ("D", "number.shape"), ("H", "not_in_list")]);
}

#[test]
fn numbers_in_a_formula_that_keeps_them_text() {
    let roster = text(
        "户编号,姓名,与户主关系,身份证号\n=\"4305991002980001\",王芳,户主,=\"11010519491231002X\"\n\
         \"=\"\"4305991002980002\"\"\",李强,户主,\n",
    );
    let numbers: Vec<_> = households(&roster).iter().map(|one| one.number.as_deref()).collect();
    assert_eq!(numbers, [Some("4305991002980001"), Some("4305991002980002")]);
    assert_eq!(person(&roster, "王芳").id_no.as_deref(), Some("11010519491231002X"));
}

#[test]
fn a_birth_date_in_another_order_is_settled_by_the_number() {
    let roster = text(
        "户编号,姓名,与户主关系,身份证号,出生日期\na,王芳,户主,11010519491231002X,12/31/1949\n\
         b,李强,户主,11010519491231002X,31.12.49\nc,赵军,户主,11010519491231002X,11/30/1949\n",
    );
    assert_eq!(person(&roster, "王芳").birth.as_deref(), Some("1949-12-31"));
    assert_eq!(person(&roster, "李强").birth.as_deref(), Some("1949-12-31"));
    assert_eq!(person(&roster, "赵军").birth.as_deref(), Some("11/30/1949"));
    let odd: Vec<_> = codes(&roster)
        .into_iter()
        .filter(|code| code.contains("birth"))
        .collect();
    assert_eq!(odd, ["4 birth_unreadable"]);
}

#[test]
fn a_village_that_stands_in_its_groups_alone() {
    let roster = text("村组,姓名,与户主关系\n石门村3组,王芳,户主\n,李强,配偶\n石门村 第四组,赵军,户主\n");
    assert_eq!(roster.villages[0].name.as_deref(), Some("石门村"));
    let groups: Vec<_> = households(&roster)
        .iter()
        .map(|one| one.group.as_deref().unwrap())
        .collect();
    assert_eq!(groups, ["3组", "4组"]);
    // Natural villages do not split a village, nor give it a name.
    let roster = text("村组,姓名,与户主关系\n上坪村3组,王芳,户主\n下坪村4组,赵军,户主\n");
    assert_eq!((roster.villages.len(), roster.villages[0].name.as_deref()), (1, None));
}

#[test]
fn members_above_their_head_and_apart_are_one_family() {
    let roster = text(
        "户主姓名,姓名,与户主关系,身份证号\n王五,李六,配偶,\n赵七,赵七,户主,\n王五,王五,户主,\n赵七,赵八,长子,\n王五,王五,户主,\n",
    );
    // The last is another 王五.
    assert_eq!(families(&roster), ["李六+王五", "赵七+赵八", "王五"]);
}

#[test]
fn two_unreadable_sexes_are_not_the_same_sex() {
    let roster = text("户编号,姓名,与户主关系,性别\na,王五,户主,0\na,李六,配偶,0\nb,赵七,户主,男\nb,周八,配偶,男\n");
    let odd: Vec<_> = codes(&roster)
        .into_iter()
        .filter(|code| code.contains("spouse"))
        .collect();
    assert_eq!(odd, ["5 spouse_sex"]);
}

#[test]
fn a_running_number_of_families_is_not_kept() {
    let roster = text("户序,姓名,与户主关系\n1,王芳,户主\n1,李强,配偶\n2,赵军,户主\n");
    assert_eq!(families(&roster), ["王芳+李强", "赵军"]);
    assert_eq!(households(&roster)[0].extra, []);
}

#[test]
fn accounts_and_ages_stay_with_the_office() {
    let roster = text(
        "户编号,姓名,与户主关系,年龄,银行卡号,一卡通,监护人身份证号,其他编号,人均纯收入,备注\n\
         a1,王芳,户主,45,6228480000000000000,1,11010519491231002X,6228480000000000001,15600.5,常年在外\n",
    );
    let first = households(&roster)[0];
    let kept: Vec<&str> = first.extra.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(kept, ["人均纯收入", "备注"]);
    let said = |code: &str| {
        let note = roster.notes.iter().find(|note| note.code == code).unwrap();
        assert_eq!(note.place.row, 0);
        note.line_zh()
    };
    assert!(
        said("columns_kept").contains("人均纯收入、备注"),
        "{}",
        said("columns_kept")
    );
    let left = said("columns_left_out");
    assert!(
        left.contains("年龄、银行卡号、一卡通、监护人身份证号、其他编号"),
        "{left}"
    );
}
