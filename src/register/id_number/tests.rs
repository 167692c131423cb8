//! The examples of the standard, and each fault with its reason.

use super::*;

fn today() -> Date {
    Date::new(2019, 8, 15).unwrap()
}

fn parse(text: &str) -> Result<IdNumber, IdError> {
    IdNumber::parse(text, today())
}

/// Changes the check character to the right one, so that a test reaches the rule it means.
fn with_check(first17: &str) -> String {
    format!("{first17}{}", char::from(check_character(first17.as_bytes())))
}

#[test]
fn the_examples_of_the_standard_are_valid() {
    let id = parse("11010519491231002X").unwrap();
    assert_eq!(
        (id.birth.to_string().as_str(), id.sex, id.is_odd_age(today())),
        ("1949-12-31", Sex::Female, false)
    );
    let id = parse("440524188001010014").unwrap();
    assert_eq!(
        (id.birth.to_string().as_str(), id.sex, id.is_odd_age(today())),
        ("1880-01-01", Sex::Male, true)
    );
}

#[test]
fn the_family_of_the_first_scenario() {
    for (number, sex, birth) in [
        ("422899195803129990", Sex::Male, "1958-03-12"),
        ("422899196107259980", Sex::Female, "1961-07-25"),
        ("422899198509069978", Sex::Male, "1985-09-06"),
        ("422899201204189965", Sex::Female, "2012-04-18"),
        ("422899201601309959", Sex::Male, "2016-01-30"),
    ] {
        let id = parse(number).unwrap();
        assert_eq!((id.sex, id.birth.to_string().as_str()), (sex, birth), "{number}");
    }
}

#[test]
fn every_single_wrong_digit_and_every_exchange_of_neighbours_is_found() {
    let good = "11010519491231002X";
    for at in 0..17 {
        for digit in b'0'..=b'9' {
            let mut wrong = good.as_bytes().to_vec();
            if wrong[at] != digit {
                wrong[at] = digit;
                assert!(
                    parse(std::str::from_utf8(&wrong).unwrap()).is_err(),
                    "position {at} {digit}"
                );
            }
        }
    }
    for at in 0..16 {
        let mut wrong = good.as_bytes().to_vec();
        wrong.swap(at, at + 1);
        let wrong = String::from_utf8(wrong).unwrap();
        assert!(wrong == good || parse(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn typed_forms_are_forgiven() {
    for text in [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "110105-19491231-002×",
        "11010519491231002Х",
    ] {
        assert_eq!(
            parse(text).map(|id| id.as_str().to_owned()),
            Ok("11010519491231002X".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn each_fault_has_its_own_reason() {
    for (text, error) in [
        ("", IdError::Empty),
        ("  ", IdError::Empty),
        ("110105491231002", IdError::FifteenDigits),
        ("1101051949123100", IdError::Length { found: 16 }),
        ("11010519491231002X1", IdError::Length { found: 19 }),
        ("不详", IdError::Length { found: 2 }),
        (
            "1101O519491231002X",
            IdError::NotADigit {
                position: 5,
                found: 'O',
            },
        ),
        (
            "X1010519491231002X",
            IdError::NotADigit {
                position: 1,
                found: 'X',
            },
        ),
        (
            "1101051949123100XX",
            IdError::NotADigit {
                position: 17,
                found: 'X',
            },
        ),
        (
            "11010519491231002Y",
            IdError::NotADigit {
                position: 18,
                found: 'Y',
            },
        ),
        ("19010519491231002X", IdError::Province { prefix: 19 }),
        ("00010519491231002X", IdError::Province { prefix: 0 }),
        ("11010519490231002X", IdError::BirthDate),
        ("11010519491331002X", IdError::BirthDate),
        ("110105194912310021", IdError::Checksum),
        ("422899195803121000", IdError::DigitsLost),
        ("4.22822E+17", IdError::DigitsLost),
        ("4.22899195803130e+17", IdError::DigitsLost),
        ("422899195803130000.0", IdError::DigitsLost),
    ] {
        assert_eq!(parse(text), Err(error), "{text}");
        assert!(!error.zh().is_empty() && error.code().starts_with("id."));
    }
    let future = with_check("42289920190816001");
    assert_eq!(
        parse(&future),
        Err(IdError::Future {
            birth: Date::new(2019, 8, 16).unwrap()
        })
    );
    assert!(parse(&with_check("42289920190815001")).is_ok());
}

#[test]
fn a_valid_number_may_end_in_zeros() {
    let all = (0..336).map(|n| format!("4228991958{:02}{:02}0000", n % 12 + 1, n / 12 + 1));
    let valid: Vec<String> = all.filter(|n| check_character(n.as_bytes()) == b'0').collect();
    assert!(valid.len() > 10);
    for number in valid {
        assert!(parse(&number).is_ok(), "{number}");
    }
}

#[test]
fn disability_cards() {
    let id = parse("42289919610725998043").unwrap();
    assert_eq!(id.disability, Some(Disability { kind: 4, level: 3 }));
    assert_eq!(id.person(), "422899196107259980");
    assert_eq!(id.last4(), "9980");
    assert!(parse("42289919610725998043b1").is_ok());
    assert_eq!(parse("42289919610725998083"), Err(IdError::DisabilityKind));
    assert_eq!(parse("42289919610725998003"), Err(IdError::DisabilityKind));
    assert_eq!(parse("42289919610725998045"), Err(IdError::DisabilityLevel));
    assert_eq!(parse("42289919610725998043XX"), Err(IdError::Reissue));
    assert_eq!(parse("4228991961072599804"), Err(IdError::Length { found: 19 }));
    assert_eq!(
        parse("422899196107259980A3"),
        Err(IdError::NotADigit {
            position: 19,
            found: 'A'
        })
    );
}

#[test]
fn numbers_are_shown_masked() {
    assert_eq!(masked("422822195803129997"), "422822********9997");
    assert_eq!(masked("42289919610725998043"), "422899********9980**");
    assert_eq!(masked("110105491231002"), "*************02");
    assert_eq!(masked("12"), "**");
    assert_eq!(masked(""), "");
    assert_eq!(masked("不详"), "**");
    assert_eq!(
        format!("{:?}", parse("422899195803129990").unwrap()),
        "422899********9990"
    );
    assert_eq!(last4("42289919610725998043").as_deref(), Some("9980"));
    assert_eq!(last4(" 11010519491231002x").as_deref(), Some("002X"));
    assert_eq!(last4("12"), None);
}
