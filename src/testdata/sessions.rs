//! The generated sessions: of groups and of a forum.

use serde_json::{Value, json};

use super::records::{Maker, ROUND, cells, day, group_id, object};
use crate::model::round::Sector;

impl Maker<'_> {
    pub(super) fn session(&self, group: usize) -> Value {
        let must = json!({ "round": ROUND, "group": group_id(group), "date": day(group), "mode": "remote" });
        let [municipality, other] = self.municipalities(group);
        let mut may = object(self.meeting());
        let distribution = [&municipality, &other].map(|name| {
            json!({
                "recipient": format!("{name}, {}", self.line_of(30)), "municipality": name,
                "email": "kirjaamo@example.org",
            })
        });
        may.extend(object(json!({
            "notes": self.notes(&municipality),
            "agreed": self.repeat(4, || json!({ "what": self.words.line(self.shape.note_length), "who": self.line(), "by": "2026-03-31" })),
            "comments": self.repeat(2, || json!({
                "from": self.line(), "sector": "organisation", "received": "2025-12-10", "text": self.long(),
            })),
            "distribution": distribution,
        })));
        self.record("session", &format!("neuvottelu-{group}"), must, may.into())
    }

    pub(super) fn forum(&self) -> Value {
        let must = json!({
            "round": ROUND, "forum": { "title": self.line(), "sector": "company" },
            "date": "2025-12-03", "mode": "hybrid",
        });
        let mut may = object(self.meeting());
        may.extend(object(json!({
            "programme": self.lines(5), "questions": self.lines(5), "outcome": self.long(),
            "distribution": [{ "recipient": self.line() }],
            "notes": self.repeat(4, || json!({ "sector": "company", "text": self.text() })),
        })));
        self.record("session", "foorumi", must, may.into())
    }

    /// What every meeting has, filled.
    fn meeting(&self) -> Value {
        // nobody is there twice
        let numbered = |text: String, n: usize| format!("{text} {n}");
        let present: Vec<Value> = (0..self.shape.people)
            .map(|n| match n % 4 {
                3 => json!({ "sector": Sector::ALL[n % Sector::ALL.len()], "organisation": numbered(self.line(), n), "count": 3 }),
                _ => json!({
                    "sector": Sector::ALL[n % Sector::ALL.len()], "organisation": self.line(),
                    "role": self.line_of(50), "name": numbered(self.line_of(22), n),
                }),
            })
            .collect();
        json!({
            "start": "13:00", "end": "15:30", "place": self.line(),
            "chair": self.person(), "secretary": self.person(), "present": present,
            "absent": [{ "sector": "parish", "organisation": self.line() }],
            "follow_up": self.long(),
            "attachments": [{ "title": self.line(), "link": "https://example.org/liite.pdf" }],
        })
    }

    pub(super) fn person(&self) -> Value {
        json!({ "name": self.line_of(24), "role": self.line(), "organisation": self.line() })
    }

    fn notes(&self, municipality: &str) -> Vec<Value> {
        let shape = self.shape;
        let mut notes: Vec<Value> = Vec::new();
        for (priority, area) in cells(shape) {
            for _ in 0..shape.notes {
                notes.push(
                    json!({ "priority": priority, "service_area": area, "text": self.text() }),
                );
            }
        }
        for _ in 0..shape.crowd {
            notes.push(json!({ "priority": "p0", "service_area": "a1", "text": self.text() }));
        }
        if shape.restricted {
            notes.extend([
                json!({ "priority": "p0", "service_area": "a0", "secret": true, "text": self.text() }),
                json!({ "municipality": municipality, "secret": true, "text": self.text() }),
                json!({ "priority": "p1", "service_area": "a1", "topic": "Yhteinen aihe", "text": self.text() }),
            ]);
        }
        if shape.notes > 0 {
            notes.extend([
                json!({ "priority": "p0", "service_areas": ["a1", "a2"], "text": self.text() }),
                json!({ "priority": "p1", "service_areas": ["a0", "a3"], "text": self.text() }),
                json!({ "priority": "p2", "text": self.text() }),
                json!({ "sector": "parish", "text": self.text() }),
                json!({ "municipality": municipality, "text": self.text() }),
            ]);
        }
        notes
    }
}
