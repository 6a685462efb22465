//! The generated records of a set, as the JSON that record files hold.

use serde_json::{Map, Value, json};

use super::words::Words;
use super::{Shape, Style};
use crate::model::round::Sector;
use crate::model::{Language, Status};

/// Id of the round of every set.
pub(super) const ROUND: &str = "kierros";

/// Every record of a shape.
pub fn all(shape: &Shape, language: Language) -> Vec<Value> {
    let maker = Maker { shape, language, words: Words::new(shape.style, language) };
    let mut records = vec![maker.round()];
    records.extend((0..shape.groups).map(|group| maker.session(group)));
    if shape.full {
        records.push(maker.forum());
    }
    records.push(maker.summary());
    records.extend([maker.proposal("approve"), maker.proposal("note"), maker.measures()]);
    records
}

pub(super) struct Maker<'a> {
    pub(super) shape: &'a Shape,
    language: Language,
    pub(super) words: Words,
}

impl Maker<'_> {
    /// A record: what its kind must have, and, unless it is the smallest, what
    /// may be left out.
    pub(super) fn record(&self, kind: &str, id: &str, must: Value, may: Value) -> Value {
        let status = if self.shape.status == Status::Final { "final" } else { "draft" };
        let language = self.language.code();
        let mut record = object(json!({
            "kind": kind, "id": id, "status": status, "language": language,
        }));
        record.extend(object(must));
        if self.shape.full {
            record.insert("issued".into(), "2025-12-15".into());
            record.insert("case".into(), self.case());
            record.extend(object(may));
        }
        if self.shape.restricted {
            record.insert("version".into(), 2.into());
            record.insert("corrects".into(), self.line().into());
        }
        record.into()
    }

    fn case(&self) -> Value {
        let basis = "JulkL 24 § 1 mom. 25 k";
        let (publicity, basis) =
            if self.shape.restricted { ("partly-secret", Some(basis)) } else { ("public", None) };
        json!({
            "publicity": publicity, "secrecy_basis": basis,
            "number": self.line_of(28), "function": "00.01.02", "personal_data": "yes",
            "retention": { "years": 10, "reason": self.line() },
        })
    }

    pub(super) fn line(&self) -> String {
        self.words.line(self.shape.line_length)
    }

    /// A line that is short in life too, such as a name.
    pub(super) fn line_of(&self, length: usize) -> String {
        self.words.line(length.min(self.shape.line_length))
    }

    pub(super) fn lines(&self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.line()).collect()
    }

    pub(super) fn text(&self) -> String {
        self.words.text(self.shape.note_length)
    }

    /// Several paragraphs, a list and a link.
    pub(super) fn long(&self) -> String {
        format!(
            "{}\n\n{}\n\n- {}\n- **{}**\n\n[{}](https://example.org/{})",
            self.words.text(400),
            self.text(),
            self.text(),
            self.words.text(30),
            self.words.text(30),
            "polku/".repeat(12),
        )
    }

    /// Every municipality belongs to one group, two to each.
    pub(super) fn municipalities(&self, group: usize) -> [String; 2] {
        let name = match self.shape.style {
            Style::Plain => "-kunta",
            Style::LongWords | Style::Hostile => self.words.piece(0),
        };
        [0, 1].map(|n| format!("{}{name} {n}", (b'A' + (group % 26) as u8) as char))
    }

    fn round(&self) -> Value {
        let shape = self.shape;
        let municipalities: Vec<[String; 2]> =
            (0..shape.groups).map(|group| self.municipalities(group)).collect();
        let groups: Vec<Value> = municipalities
            .iter()
            .enumerate()
            .map(|(n, names)| {
                let mut group = json!({ "id": group_id(n), "municipalities": names });
                // some have a name, which stands before the municipalities
                if shape.full && n % 2 == 1 {
                    group["name"] = json!(names.join(" "));
                }
                group
            })
            .collect();
        let priorities: Vec<Value> = (0..shape.priorities)
            .map(|n| json!({ "id": format!("p{n}"), "name": self.line(), "short": self.line_of(60) }))
            .collect();
        let areas: Vec<Value> = (0..shape.areas)
            .map(|n| json!({ "id": format!("a{n}"), "name": self.line_of(40) }))
            .collect();
        let goals: Vec<Value> = cells(shape)
            .map(|(p, a)| {
                json!({
                    "priority": p, "service_area": a,
                    "goal": self.words.line(110), "background": self.words.line(90),
                })
            })
            .collect();
        let must = json!({ "title": self.line(), "years": { "from": 2025 }, "authority": { "name": self.line() } });
        let mut round = self.record("round", ROUND, must, self.round_more(goals));
        // the smallest round, too, has whom its sessions belong to
        let fields = json!({
            "municipalities": municipalities.concat(), "groups": groups,
            "priorities": priorities, "service_areas": areas,
        });
        if let Value::Object(record) = &mut round {
            record.extend(object(fields));
        }
        round
    }

    fn round_more(&self, goals: Vec<Value>) -> Value {
        let themes = ["goals", "measures", "cooperation", "follow-up"]
            .map(|theme| json!({ "theme": theme, "bullets": self.lines(5) }));
        json!({
            "years": { "from": 2025, "to": 2029 },
            "authority": { "name": self.line_of(60), "unit": self.line_of(60) },
            "basis": [
                { "statute": "612/2021", "name": self.organising_act(), "sections": [
                    { "section": 6, "moment": 4, "title": self.line(), "text": self.text() },
                    { "section": 7, "text": self.long() } ] },
                { "statute": "611/2021", "name": self.county_act(), "sections": [{ "section": 14 }] },
            ],
            "plan": { "title": self.line(), "years": { "from": 2026, "to": 2029 } },
            "schedule": self.schedule(),
            "goals": goals,
            "goal_sets": self.repeat(5, || json!({ "title": self.line(), "text": self.text() })),
            "phases": self.repeat(2, || json!({ "title": self.line(), "when": self.line_of(20), "bullets": self.lines(4) })),
            "themes": themes,
            "programme": [
                { "heading": self.line(), "bullets": self.lines(5) },
                { "heading": self.line(), "bullets": self.lines(3) },
                { "heading": self.line(), "date": "2025-11-20", "start": "09:00", "end": "15:30",
                  "place": self.line(), "bullets": self.lines(6) },
            ],
            "preparation": self.lines(11),
            "materials": self.repeat(6, || self.material()),
            "comments": { "channel": self.line(), "until": "2025-12-19" },
            "survey": { "title": self.line(), "bullets": self.lines(5), "materials": [self.material()] },
            "history": [{ "year": 2024, "bullets": self.lines(4) }],
            "roles": Sector::ALL,
        })
    }

    fn material(&self) -> Value {
        let link = format!("https://example.org/{}", "pitka-osoite/".repeat(9));
        json!({ "title": self.line(), "link": link, "date": "2025-01-31" })
    }

    fn schedule(&self) -> Vec<Value> {
        let mut meetings: Vec<Value> = (0..self.shape.groups)
            .map(|group| json!({
                "group": group_id(group), "date": day(group), "start": "13:00", "end": "15:30",
                "mode": "hybrid", "place": self.line(), "sites": self.lines(2), "remark": self.line(),
            }))
            .collect();
        meetings.push(json!({
            "forum": { "title": self.line(), "sector": "company" }, "date": "2025-12-03", "mode": "remote",
        }));
        meetings
    }

    fn summary(&self) -> Value {
        let must = json!({ "round": ROUND, "date": "2025-12-16" });
        let may = json!({
            "title": self.line(),
            "general": [self.text(), "{slides:goals}, {slides:groups}", self.long()],
            "implementation": [self.text(), self.long()],
            "highlights": self.highlights(),
        });
        self.record("summary", "koonti", must, may)
    }

    /// An editor's bullets for one cell and for one priority.
    fn highlights(&self) -> Vec<Value> {
        if !self.shape.restricted {
            return Vec::new();
        }
        vec![
            json!({ "priority": "p0", "service_area": "a0", "groups": ["ryhma-0"], "bullets": [self.text()] }),
            json!({ "priority": "p2", "bullets": [self.text(), self.text()] }),
        ]
    }

    fn proposal(&self, action: &str) -> Value {
        let must = json!({
            "body": self.line_of(40), "meeting_date": "2025-12-16", "title": self.line(), "action": action,
        });
        let block =
            |name: &str, of: &str| json!({ "heading": self.line(), "block": name, "of": of });
        let may = json!({
            "section": 412, "round": ROUND,
            "earlier_handling": self.repeat(2, || json!({
                "body": self.line_of(40), "date": "2025-02-11", "section": 41, "text": self.line(),
            })),
            "sections": [
                { "heading": self.line(), "text": self.long() },
                block("schedule", ROUND), block("groups", ROUND), block("goals", ROUND),
                block("participants", ROUND), block("measures", "toimenpiteet"),
                { "text": self.long() },
            ],
            "strategy": self.long(), "strategy_text": "strategia-2025", "competence": self.line(),
            "presenter": { "title": self.line(), "name": self.line_of(24), "acting": true },
            "preparers": self.repeat(2, || json!({
                "name": self.line_of(24), "title": self.line(), "email": "valmistelija@example.org",
            })),
            "motion": self.long(),
            "decision": {
                "handling": self.text(), "text": self.long(), "date": "2025-12-16",
                "published": "2025-12-20", "certified": "2025-12-21", "certified_by": self.person(),
            },
            "attachments": [
                { "title": self.line(), "link": "https://example.org/liite.pdf" },
                { "title": self.line() }, { "record": "neuvottelu-0" }, { "record": ROUND },
            ],
            "distribution": self.repeat(6, || json!({ "recipient": self.line() })),
        });
        self.record("proposal", &format!("paatos-{action}"), must, may)
    }

    fn measures(&self) -> Value {
        let must = json!({
            "plan": { "title": self.line(), "authority": self.line(), "valid_from": "2024-01-01" },
            "measures": [{ "number": 1, "title": self.line() }],
        });
        let measures: Vec<Value> = (1..=6)
            .map(|number| json!({
                "number": number, "title": self.line(), "purpose": self.long(), "who": self.lines(2),
                "by": "2027-12-31", "indicators": self.lines(3),
            }))
            .collect();
        let follow_up: Vec<Value> = ["not-started", "under-way", "done", "dropped"]
            .iter()
            .enumerate()
            .map(|(n, status)| {
                json!({
                    "year": 2024 + n / 3, "measure": n + 1, "status": status, "text": self.text(),
                })
            })
            .collect();
        let may = json!({
            "round": ROUND, "measures": measures, "follow_up": follow_up,
            "working_group": self.repeat(6, || json!({
                "name": self.line_of(24), "title": self.line(), "organisation": self.line(),
            })),
        });
        self.record("measures", "toimenpiteet", must, may)
    }

    pub(super) fn repeat(&self, count: usize, make: impl Fn() -> Value) -> Vec<Value> {
        (0..count).map(|_| make()).collect()
    }

    /// Names that the table of statutes knows in each language.
    fn organising_act(&self) -> &'static str {
        match self.language {
            Language::Fi => "Laki sosiaali- ja terveydenhuollon järjestämisestä",
            Language::Sv => "Lag om ordnande av social- och hälsovård",
            Language::En => "Act on Organising Healthcare and Social Welfare Services",
        }
    }

    fn county_act(&self) -> &'static str {
        match self.language {
            Language::Fi => "Laki hyvinvointialueesta",
            Language::Sv => "Lag om välfärdsområden",
            Language::En => "Act on Wellbeing Services Counties",
        }
    }
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

pub(super) fn group_id(group: usize) -> String {
    format!("ryhma-{group}")
}

/// The sessions follow each other day by day.
pub(super) fn day(group: usize) -> String {
    format!("2025-10-{:02}", 6 + group)
}

/// Ids of priority and service area of each cell.
pub(super) fn cells(shape: &Shape) -> impl Iterator<Item = (String, String)> {
    let areas = shape.areas;
    (0..shape.priorities)
        .flat_map(move |p| (0..areas).map(move |a| (format!("p{p}"), format!("a{a}"))))
}
