//! A form as ODK XForms 1.0, for other programs of the field.

mod body;

use super::xpath::{LAST_INSTANCE, Places};
use bianfang::form::definition::{Default, Form, Kind, List, Meta, Part, Question, Words};
use bianfang::form::eval::LAST_SAVED;
use bianfang::form::expr::Expr;
use bianfang::form::filling::ROOT;
use std::fmt::Write as _;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
"#;

/// The XML of a form.
pub fn write(form: &Form) -> String {
    let writer = Writer {
        form,
        places: Places::of(form),
        out: String::from(HEAD),
    };
    writer.whole()
}

struct Writer<'a> {
    form: &'a Form,
    places: Places<'a>,
    out: String,
}

impl<'a> Writer<'a> {
    fn line(&mut self, depth: usize, text: &str) {
        let blank = "  ".repeat(depth);
        let _ = writeln!(self.out, "{blank}{text}");
    }

    fn whole(mut self) -> String {
        self.line(1, "<h:head>");
        let title = match self.form.title.as_str() {
            "" => self.form.id.clone(),
            title => title.to_owned(),
        };
        self.line(2, &format!("<h:title>{}</h:title>", escaped(&title)));
        self.line(2, "<model odk:xforms-version=\"1.0.0\">");
        self.translations();
        self.instances();
        self.binds();
        self.defaults();
        self.line(2, "</model>");
        self.line(1, "</h:head>");
        self.line(1, "<h:body>");
        let form = self.form;
        for part in &form.parts {
            self.control(part, &[ROOT], 2);
        }
        self.line(1, "</h:body>");
        self.line(0, "</h:html>");
        self.out
    }

    fn translations(&mut self) {
        let form = self.form;
        self.line(3, "<itext>");
        for language in &form.languages {
            let name = if language.is_empty() { "default" } else { language };
            let default = match *language == form.default_language {
                true => " default=\"true()\"",
                false => "",
            };
            self.line(4, &format!("<translation lang=\"{}\"{default}>", escaped(name)));
            let mut texts: Vec<(String, String)> = Vec::new();
            form.walk(&mut |part, above| {
                let own = place(part, above);
                let sides = [
                    ("label", &part.label),
                    ("hint", &part.hint),
                    ("jr:constraintMsg", &part.constraint_message),
                    ("jr:requiredMsg", &part.required_message),
                ];
                for (side, words) in sides.into_iter().filter(|(_, words)| !words.is_empty()) {
                    let id = format!("/{}:{side}", own.join("/"));
                    texts.push((id, self.spoken(words, language, &own)));
                }
            });
            for (name, list) in form.lists.iter().filter(|(name, _)| !is_file(name)) {
                for (index, choice) in list.choices.iter().enumerate() {
                    texts.push((format!("{name}-{index}"), self.spoken(&choice.label, language, &[ROOT])));
                }
            }
            for (id, text) in texts {
                self.line(
                    5,
                    &format!("<text id=\"{}\"><value>{text}</value></text>", escaped(&id)),
                );
            }
            self.line(4, "</translation>");
        }
        self.line(3, "</itext>");
    }

    /// Words with what they mention as outputs.
    fn spoken(&self, words: &Words, language: &str, own: &[&str]) -> String {
        let mut said = String::new();
        let mut rest = self.form.words(words, language);
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            let end = from.find('}').map_or(from.len(), |end| end + 1);
            said += &escaped(before);
            said += &match bianfang::form::expr::parse(&from[..end]) {
                Ok(expr) => format!("<output value=\"{}\"/>", escaped(&self.places.write(&expr, own))),
                Err(_) => escaped(&from[..end]),
            };
            rest = &from[end..];
        }
        said + &escaped(rest)
    }

    fn instances(&mut self) {
        let form = self.form;
        self.line(3, "<instance>");
        let version = escaped(&form.version);
        let id = match form.id.as_str() {
            "" => ROOT,
            id => id,
        };
        self.line(4, &format!("<{ROOT} id=\"{}\" version=\"{version}\">", escaped(id)));
        self.nodes(&form.parts, 5, false);
        self.line(5, "<orx:meta>");
        self.line(6, "<orx:instanceID/>");
        if form.instance_name.is_some() {
            self.line(6, "<orx:instanceName/>");
        }
        self.line(5, "</orx:meta>");
        self.line(4, &format!("</{ROOT}>"));
        self.line(3, "</instance>");
        for (name, list) in &form.lists {
            match is_file(name) {
                true => self.line(
                    3,
                    &format!(
                        "<instance id=\"{0}\" src=\"jr://file-csv/{1}\"/>",
                        escaped(file_id(name)),
                        escaped(name)
                    ),
                ),
                false => self.list(name, list),
            }
        }
        if speaks_of_last(form) {
            self.line(
                3,
                &format!("<instance id=\"{LAST_INSTANCE}\" src=\"jr://instance/last-saved\"/>"),
            );
        }
    }

    fn nodes(&mut self, parts: &[Part], depth: usize, template: bool) {
        for part in parts {
            let name = &part.name;
            match &part.kind {
                Kind::Group(inside) => {
                    self.line(depth, &format!("<{name}>"));
                    self.nodes(inside, depth + 1, template);
                    self.line(depth, &format!("</{name}>"));
                }
                Kind::Repeat(inside, _) => {
                    // One to copy from, and one to begin with.
                    let rounds: &[&str] = if template { &[""] } else { &[" jr:template=\"\"", ""] };
                    for mark in rounds {
                        self.line(depth, &format!("<{name}{mark}>"));
                        self.nodes(inside, depth + 1, true);
                        self.line(depth, &format!("</{name}>"));
                    }
                }
                Kind::Question(_) => match &part.default {
                    Some(Default::Text(text)) => self.line(depth, &format!("<{name}>{}</{name}>", escaped(text))),
                    _ => self.line(depth, &format!("<{name}/>")),
                },
            }
        }
    }

    fn list(&mut self, name: &str, list: &List) {
        self.line(3, &format!("<instance id=\"{}\">", escaped(name)));
        self.line(4, "<root>");
        for (index, choice) in list.choices.iter().enumerate() {
            let further = choice.columns.iter().filter(|(_, text)| !text.is_empty());
            let further: String = further
                .map(|(name, text)| format!("<{name}>{}</{name}>", escaped(text)))
                .collect();
            let value = escaped(&choice.value);
            let id = escaped(&format!("{name}-{index}"));
            self.line(
                5,
                &format!("<item><itextId>{id}</itextId><name>{value}</name>{further}</item>"),
            );
        }
        self.line(4, "</root>");
        self.line(3, "</instance>");
    }

    fn binds(&mut self) {
        let form = self.form;
        let mut lines = Vec::new();
        form.walk(&mut |part, above| lines.extend(self.bind(part, &place(part, above))));
        for line in lines {
            self.line(3, &line);
        }
        let meta = format!("/{ROOT}/orx:meta");
        self.line(
            3,
            &format!(
                "<bind nodeset=\"{meta}/orx:instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/>"
            ),
        );
        if let Some(name) = &form.instance_name {
            let name = escaped(&self.places.write(name, &[ROOT]));
            self.line(
                3,
                &format!("<bind nodeset=\"{meta}/orx:instanceName\" type=\"string\" calculate=\"{name}\"/>"),
            );
        }
    }

    /// What holds of a part; nothing where nothing does.
    fn bind(&self, part: &Part, own: &[&str]) -> Option<String> {
        let path = format!("/{}", own.join("/"));
        let mut line = format!("<bind nodeset=\"{}\"", escaped(&path));
        let before = line.len();
        let mut add = |name: &str, value: &str| {
            let _ = write!(line, " {name}=\"{}\"", escaped(value));
        };
        if let Kind::Question(question) = &part.kind {
            add("type", data_type(question));
            match question {
                Question::Meta(meta) => {
                    let (preload, parameter) = preload(*meta);
                    add("jr:preload", preload);
                    add("jr:preloadParams", parameter);
                }
                Question::Note => add("readonly", "true()"),
                _ => {}
            }
        }
        let calculation = part.calculation.as_ref().filter(|_| part.triggers.is_empty());
        let readonly = part
            .readonly
            .as_ref()
            .filter(|_| !matches!(part.kind, Kind::Question(Question::Note)));
        let all: [(&str, Option<&Expr>); 5] = [
            ("required", part.required.as_ref()),
            ("relevant", part.relevant.as_ref()),
            ("constraint", part.constraint.as_ref()),
            ("calculate", calculation),
            ("readonly", readonly),
        ];
        for (name, expr) in all {
            if let Some(expr) = expr {
                add(name, &self.places.write(expr, own));
            }
        }
        for (name, words) in [
            ("jr:constraintMsg", &part.constraint_message),
            ("jr:requiredMsg", &part.required_message),
        ] {
            if !words.is_empty() {
                add(name, &format!("jr:itext('{path}:{name}')"));
            }
        }
        (line.len() > before).then(|| line + "/>")
    }

    /// Defaults that are computed, when the record begins or an instance is added.
    fn defaults(&mut self) {
        let form = self.form;
        let mut lines = Vec::new();
        form.walk(&mut |part, above| {
            if let Some(Default::Computed(expr)) = &part.default {
                let own = place(part, above);
                let repeated = above.iter().any(|one| matches!(one.kind, Kind::Repeat(..)));
                let event = match repeated {
                    true => "odk-instance-first-load odk-new-repeat",
                    false => "odk-instance-first-load",
                };
                let value = escaped(&self.places.write(expr, &own));
                let path = escaped(&own.join("/"));
                lines.push(format!(
                    "<setvalue ref=\"/{path}\" event=\"{event}\" value=\"{value}\"/>"
                ));
            }
        });
        for line in lines {
            self.line(3, &line);
        }
    }
}

/// The names from the root down to a part.
fn place<'p>(part: &'p Part, above: &[&'p Part]) -> Vec<&'p str> {
    let names = above.iter().map(|one| one.name.as_str()).chain([part.name.as_str()]);
    std::iter::once(ROOT).chain(names).collect()
}

fn is_file(list: &str) -> bool {
    list.contains('.')
}

/// The name of a file's instance is that of the file without its ending.
fn file_id(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(name, _)| name)
}

fn speaks_of_last(form: &Form) -> bool {
    let mut found = false;
    form.walk(&mut |part, _| {
        let default = match &part.default {
            Some(Default::Computed(expr)) => Some(expr),
            _ => None,
        };
        let all = [
            &part.relevant,
            &part.calculation,
            &part.constraint,
            &part.required,
            &part.readonly,
        ];
        let mut names = all.into_iter().flatten().chain(default).flat_map(Expr::questions);
        found |= names.any(|name| name.starts_with(LAST_SAVED));
    });
    found
}

fn data_type(question: &Question) -> &'static str {
    match question {
        Question::Integer => "int",
        Question::Decimal => "decimal",
        Question::Range(range) => match [range.start, range.end, range.step]
            .iter()
            .all(|one| one.fract() == 0.0)
        {
            true => "int",
            false => "decimal",
        },
        Question::Date | Question::Meta(Meta::Today) => "date",
        Question::Time => "time",
        Question::DateTime | Question::Meta(Meta::Start | Meta::End) => "dateTime",
        Question::GeoPoint => "geopoint",
        Question::Image | Question::Signature => "binary",
        Question::Barcode => "barcode",
        Question::Rank(_) => "odk:rank",
        _ => "string",
    }
}

fn preload(meta: Meta) -> (&'static str, &'static str) {
    match meta {
        Meta::Start => ("timestamp", "start"),
        Meta::End => ("timestamp", "end"),
        Meta::Today => ("date", "today"),
        Meta::DeviceId => ("property", "deviceid"),
    }
}

/// A text between tags or quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
