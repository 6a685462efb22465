//! What public documents tell of a round: of meetings whose sessions are secret, and
//! of secret goals.

use super::*;

/// The first meeting gives a plan without a day of issue its date.
#[test]
fn a_meeting_of_a_secret_session_is_in_no_plan_and_dates_none() {
    let mut round = round();
    round["schedule"][1]["date"] = json!("2025-09-02");
    let mut attached = proposal();
    attached["attachments"] = json!([{ "record": "r" }]);
    let records = Records::from(set(&[round, alfa(), beta(), attached]));
    for kind in [(DocumentKind::Plan, "r"), (DocumentKind::Proposal, "item")] {
        let document = of_kind(kind.0, kind.1, &records);
        assert!(document.draws_on.iter().any(|id| id.as_str() == "s-beta"), "{kind:?}");
        let text = said(&document, &records).to_string();
        assert!(!text.contains("2.9.2025") && text.contains("1.10.2025"), "{text}");
    }
}

#[test]
fn a_secret_goal_leaves_its_mark_in_whatever_is_public() {
    let mut round = round();
    round["case"] = json!({ "publicity": "partly-secret", "secrecy_basis": PROVISION });
    round["goals"] = json!([
        { "priority": "p", "service_area": "x", "goal": "Piilotettu tavoite",
          "background": "Piilotettu syy", "secret": true },
        { "priority": "p", "service_area": "y", "goal": "Avoin tavoite" },
    ]);
    let mut item = proposal();
    item["sections"] = json!([{ "block": "goals" }]);
    let records = Records::from(set(&[round, alfa(), item, summary()]));
    let all = documents(&records, Bilingual::Separate);
    assert_eq!(all.len(), 4);
    for document in all {
        let text = said(&document, &records).to_string();
        let open = document.kind == DocumentKind::Plan;
        assert_eq!(text.contains("Piilotettu tavoite"), open, "{:?}: {text}", document.kind);
        assert_eq!(text.contains("Piilotettu syy"), open, "{:?}: {text}", document.kind);
        let mark = format!("[Salassa pidettävä, {PROVISION}]");
        assert!(text.contains(&mark) && text.contains("Avoin tavoite"), "{text}");
    }
}
