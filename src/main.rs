fn main() {
    for k in kirjuri::model::Kind::ALL {
        let s = serde_json::to_string_pretty(&k.schema()).unwrap() + "\n";
        std::fs::write(format!("schemas/{}.schema.json", k.as_str()), s).unwrap();
    }
}
