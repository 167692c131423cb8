//! What is shown: a control for each part.

use super::{Writer, escaped, file_id, is_file};
use bianfang::form::definition::{Choices, Kind, Part, Question};

impl<'a> Writer<'a> {
    pub(super) fn control(&mut self, part: &'a Part, above: &[&'a str], depth: usize) {
        let own: Vec<&str> = above.iter().copied().chain([part.name.as_str()]).collect();
        match &part.kind {
            Kind::Group(inside) => self.group(part, inside, &own, depth, None),
            Kind::Repeat(inside, count) => {
                let count = count.as_ref().map(|count| self.places.write(count, &own));
                self.group(part, inside, &own, depth, Some(count));
            }
            Kind::Question(question) => self.question(part, question, &own, depth),
        }
    }

    fn group(
        &mut self,
        part: &'a Part,
        inside: &'a [Part],
        own: &[&'a str],
        depth: usize,
        repeat: Option<Option<String>>,
    ) {
        let path = escaped(&format!("/{}", own.join("/")));
        let looks = looks(part);
        self.line(depth, &format!("<group ref=\"{path}\"{looks}>"));
        self.words(part, own, depth + 1);
        let deeper = match &repeat {
            None => depth + 1,
            Some(count) => {
                let count = count
                    .as_ref()
                    .map(|count| format!(" jr:count=\"{}\" jr:noAddRemove=\"true()\"", escaped(count)));
                self.line(
                    depth + 1,
                    &format!("<repeat nodeset=\"{path}\"{}>", count.unwrap_or_default()),
                );
                depth + 2
            }
        };
        for one in inside {
            self.control(one, own, deeper);
        }
        if repeat.is_some() {
            self.line(depth + 1, "</repeat>");
        }
        self.line(depth, "</group>");
    }

    fn words(&mut self, part: &Part, own: &[&str], depth: usize) {
        let path = own.join("/");
        for (tag, words) in [("label", &part.label), ("hint", &part.hint)] {
            if !words.is_empty() {
                let id = escaped(&format!("/{path}:{tag}"));
                self.line(depth, &format!("<{tag} ref=\"jr:itext('{id}')\"/>"));
            }
        }
    }

    fn question(&mut self, part: &'a Part, question: &Question, own: &[&'a str], depth: usize) {
        let (tag, further) = match question {
            Question::Calculate | Question::Hidden | Question::Meta(_) => return self.unseen(part, own, depth),
            Question::SelectOne(_) => ("select1", String::new()),
            Question::SelectMultiple(_) => ("select", String::new()),
            Question::Rank(_) => ("odk:rank", String::new()),
            Question::Acknowledge => ("trigger", String::new()),
            Question::Image | Question::Signature => ("upload", String::from(" mediatype=\"image/*\"")),
            Question::Range(range) => (
                "range",
                format!(
                    " start=\"{}\" end=\"{}\" step=\"{}\"",
                    range.start, range.end, range.step
                ),
            ),
            _ => ("input", String::new()),
        };
        let path = escaped(&format!("/{}", own.join("/")));
        self.line(depth, &format!("<{tag} ref=\"{path}\"{further}{}>", looks(part)));
        self.words(part, own, depth + 1);
        if let Question::SelectOne(choices) | Question::SelectMultiple(choices) | Question::Rank(choices) = question {
            self.itemset(part, choices, own, depth + 1);
        }
        self.setvalues(part, depth + 1);
        self.line(depth, &format!("</{tag}>"));
    }

    /// A part that nobody sees needs a control only where its change sets off others.
    fn unseen(&mut self, part: &'a Part, own: &[&'a str], depth: usize) {
        if self.triggered(part).is_empty() {
            return;
        }
        let path = escaped(&format!("/{}", own.join("/")));
        self.line(depth, &format!("<input ref=\"{path}\" appearance=\"hidden\">"));
        self.setvalues(part, depth + 1);
        self.line(depth, "</input>");
    }

    fn itemset(&mut self, part: &Part, choices: &Choices, own: &[&str], depth: usize) {
        let filter = part.choice_filter.as_ref();
        let filter = filter.map(|filter| format!("[{}]", self.places.write_filter(filter, own)));
        let from = match is_file(&choices.list) {
            true => file_id(&choices.list),
            false => &choices.list,
        };
        let nodes = format!("instance('{from}')/root/item{}", filter.unwrap_or_default());
        let nodes = match part.parameters.get("randomize").map(String::as_str) {
            Some("true") => match part.parameters.get("seed") {
                Some(seed) => {
                    let path = bianfang::form::expr::parse(seed).map(|seed| self.places.write(&seed, own));
                    format!("randomize({nodes}, {})", path.unwrap_or_else(|_| seed.clone()))
                }
                None => format!("randomize({nodes})"),
            },
            _ => nodes,
        };
        self.line(depth, &format!("<itemset nodeset=\"{}\">", escaped(&nodes)));
        let named =
            |parameter: &str, usual: &str| escaped(part.parameters.get(parameter).map_or(usual, String::as_str));
        let (value, label) = match is_file(&choices.list) {
            true => (named("value", "name"), named("label", "label")),
            false => (String::from("name"), String::from("jr:itext(itextId)")),
        };
        self.line(depth + 1, &format!("<value ref=\"{value}\"/>"));
        self.line(depth + 1, &format!("<label ref=\"{label}\"/>"));
        self.line(depth, "</itemset>");
    }

    /// The parts that are calculated because this one changed, with their places.
    fn triggered(&self, by: &Part) -> Vec<(&'a Part, Vec<&'a str>)> {
        let mut found = Vec::new();
        let form = self.form;
        form.walk(&mut |part, above| {
            if part.triggers.contains(&by.name) {
                found.push((part, super::place(part, above)));
            }
        });
        found
    }

    fn setvalues(&mut self, by: &Part, depth: usize) {
        for (part, place) in self.triggered(by) {
            let value = part.calculation.as_ref().map(|expr| self.places.write(expr, &place));
            let value = value.map(|value| format!(" value=\"{}\"", escaped(&value)));
            let path = escaped(&place.join("/"));
            let event = "xforms-value-changed";
            self.line(
                depth,
                &format!(
                    "<setvalue ref=\"/{path}\" event=\"{event}\"{}/>",
                    value.unwrap_or_default()
                ),
            );
        }
    }
}

fn looks(part: &Part) -> String {
    match part.appearance.is_empty() {
        true => String::new(),
        false => format!(" appearance=\"{}\"", escaped(&part.appearance.join(" "))),
    }
}
