//! SÄHKE2 transfer file of a package (chapter 6): root `Metadata` with
//! `TransferInformation`, `ContactInformation` and the case files, each `CaseFile` >
//! `Action` > `Record` > `Document`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{
    Copy, Metadata, NAMESPACE, STATUS, Sahke2Error, Sources, WriteResult, XmlWriter, agent,
    languages, restriction, retention, write_record,
};
use crate::model::Publicity;
use crate::model::envelope::PersonalData;

/// Type of the action in which a document is made (5.6).
const ACTION: &str = "asiakirjan laatiminen";

/// A version in the package.
#[derive(Debug, Clone)]
pub struct TransferRecord<'a> {
    pub metadata: &'a Metadata,
    /// Paths of its PDFs in the package, with the file name (6.4.2.2). A PDF without a path
    /// is neither in the package nor in its transfer file.
    pub paths: BTreeMap<Copy, String>,
    pub sources: Sources,
}

/// Information about the transfer (6.1 to 6.3). The schema requires all of it except
/// [`Transfer::functions`].
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Id of the package (6.1.1).
    pub native_id: String,
    /// Name of the package (6.1.3).
    pub title: String,
    /// Id of the transfer agreement with the archive (6.1.4).
    pub contract: String,
    /// Organisation that transfers (6.2.1).
    pub authority: String,
    pub contact: Contact,
    /// Names of function classes by code (6.3.5), for example `00.01`; the code replaces a
    /// missing name.
    pub functions: BTreeMap<String, String>,
}

/// Contact person for the archive (6.2.2).
#[derive(Debug, Clone)]
pub struct Contact {
    pub name: String,
    pub address: String,
    pub phone: String,
    pub email: String,
}

/// The transfer file of a package, in UTF-8. Records are grouped by case number; a record
/// without one is in a case file of its round, or else of its document. The order of
/// `records` does not matter.
///
/// # Errors
/// Fails if there are no records, a required element would be empty, or archives do not
/// accept the format of a PDF.
pub fn transfer(records: &[TransferRecord], about: &Transfer) -> Result<Vec<u8>, Sahke2Error> {
    let mut cases: BTreeMap<CaseFile, Vec<&TransferRecord>> = BTreeMap::new();
    for entry in records {
        cases.entry(CaseFile::of(entry.metadata)).or_default().push(entry);
    }
    if cases.is_empty() {
        return Err(Sahke2Error::Missing { element: "CaseFile" });
    }
    XmlWriter::document("Metadata", |xml| {
        write_about(xml, about)?;
        cases.into_iter().try_for_each(|(case, mut entries)| {
            entries.sort_by(|a, b| {
                let (a, b) = (a.metadata, b.metadata);
                (&a.document, a.version, &a.number).cmp(&(&b.document, b.version, &b.number))
            });
            xml.group("CaseFile", |xml| write_case(xml, &case, &entries, about))
        })
    })
}

/// What groups records into a case file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum CaseFile<'a> {
    Numbered(&'a str),
    Round(&'a str),
    Document { document: &'a str, title: &'a str },
}

impl<'a> CaseFile<'a> {
    fn of(metadata: &'a Metadata) -> Self {
        match (&metadata.case_number, &metadata.round) {
            (Some(number), _) => CaseFile::Numbered(number),
            (None, Some(round)) => CaseFile::Round(round),
            (None, None) => {
                CaseFile::Document { document: &metadata.document, title: &metadata.title }
            }
        }
    }

    fn id(&self) -> &'a str {
        match self {
            CaseFile::Numbered(id)
            | CaseFile::Round(id)
            | CaseFile::Document { document: id, .. } => id,
        }
    }

    fn title(&self) -> String {
        match self {
            CaseFile::Numbered(number) => format!("Asia {number}"),
            CaseFile::Round(round) => format!("Neuvottelukierros {round}"),
            CaseFile::Document { title, .. } => (*title).to_owned(),
        }
    }
}

/// `TransferInformation` (6.1) and `ContactInformation` (6.2).
fn write_about(xml: &mut XmlWriter, about: &Transfer) -> WriteResult {
    xml.group("TransferInformation", |xml| {
        xml.text("NativeId", &about.native_id)?;
        xml.text("Title", &about.title)?;
        xml.text("TransferContractId", &about.contract)?;
        xml.text("MetadataSchema", NAMESPACE)
    })?;
    let contact = &about.contact;
    xml.group("ContactInformation", |xml| {
        xml.group("Organisation", |xml| xml.text("Name", &about.authority))?;
        xml.group("ContactPerson", |xml| {
            xml.text("Name", &contact.name)?;
            xml.text("Address", &contact.address)?;
            xml.text("PhoneNumber", &contact.phone)?;
            xml.text("Email", &contact.email)
        })
    })
}

/// Content of a `CaseFile` (chapter 3). Its own metadata are derived from those of its
/// records, of which there is at least one.
fn write_case(
    xml: &mut XmlWriter,
    case: &CaseFile,
    entries: &[&TransferRecord],
    about: &Transfer,
) -> WriteResult {
    let all = || entries.iter().map(|entry| entry.metadata);
    let (Some(created), Some(longest)) = (
        all().map(|m| m.date).min(),
        // none means permanent
        all().max_by_key(|m| (m.retention_ends.is_none(), m.retention_ends)),
    ) else {
        return Err(Sahke2Error::Missing { element: "Record" });
    };
    xml.text("Created", created)?;
    xml.text("NativeId", case.id())?;
    let codes: BTreeSet<&str> = all().flat_map(|m| &m.languages).map(String::as_str).collect();
    languages(xml, codes.into_iter())?;
    write_restriction(xml, entries)?;
    xml.text("Title", case.title())?;
    retention(xml, longest)?;
    xml.text("Status", STATUS)?;
    let function = longest.classification.function.as_str();
    xml.group("ClassificationScheme", |xml| write_functions(xml, function, &about.functions))?;
    xml.text("Function", function)?;
    let authorities: BTreeSet<&str> = all().map(|m| m.authority.as_str()).collect();
    for authority in authorities {
        agent(xml, "käsittelijä", "CorporateName", authority)?;
    }
    entries
        .chunk_by(|a, b| a.metadata.document == b.metadata.document)
        .try_for_each(|versions| xml.group("Action", |xml| write_action(xml, versions)))
}

/// Restriction of a case file: secret if all of it is, partly secret if some of it is; for
/// the longest period of any part.
fn write_restriction(xml: &mut XmlWriter, entries: &[&TransferRecord]) -> WriteResult {
    let all = || entries.iter().map(|entry| entry.metadata);
    let has = |class| all().any(|m| m.classification.publicity == class);
    let publicity =
        match (has(Publicity::Public), has(Publicity::PartlySecret), has(Publicity::Secret)) {
            (_, false, false) => Publicity::Public,
            (false, false, true) => Publicity::Secret,
            _ => Publicity::PartlySecret,
        };
    let secret = all()
        .filter(|m| m.classification.publicity != Publicity::Public)
        .max_by_key(|m| (m.secrecy_ends.is_none(), m.secrecy_ends, Reverse(&m.number)));
    let personal_data =
        all().map(|m| m.classification.personal_data).max().unwrap_or(PersonalData::None);
    restriction(xml, publicity, secret, personal_data)
}

/// Content of an `Action` (chapter 5): a document with all its versions.
fn write_action(xml: &mut XmlWriter, versions: &[&TransferRecord]) -> WriteResult {
    let Some(first) = versions.first().map(|entry| entry.metadata) else {
        return Err(Sahke2Error::Missing { element: "Record" });
    };
    xml.text("Created", first.date)?;
    xml.text("Title", &first.title)?;
    agent(xml, "laatija", "CorporateName", &first.authority)?;
    xml.text("Type", ACTION)?;
    versions.iter().try_for_each(|entry| {
        let files = entry.metadata.renditions.iter().filter_map(|rendition| {
            entry.paths.get(&rendition.copy).map(|path| (rendition, path.as_str()))
        });
        xml.group("Record", |xml| write_record(xml, entry.metadata, files, entry.sources))
    })
}

/// Content of a `ClassificationScheme` (6.3): the branch of the function class. The schema
/// requires at least three levels; missing levels repeat the class.
fn write_functions(
    xml: &mut XmlWriter,
    code: &str,
    names: &BTreeMap<String, String>,
) -> WriteResult {
    let ends = code.match_indices('.').map(|(end, _)| end).chain([code.len()]);
    let mut codes: Vec<&str> = ends.map(|end| &code[..end]).collect();
    while codes.len() < 3 {
        codes.push(code);
    }
    write_function(xml, 0, &codes, names)
}

/// A level of the scheme with the levels below it.
fn write_function(
    xml: &mut XmlWriter,
    level: usize,
    codes: &[&str],
    names: &BTreeMap<String, String>,
) -> WriteResult {
    let Some((code, below)) = codes.split_first() else { return Ok(()) };
    let element = match level {
        0 => "MainFunction",
        1 => "FunctionClassification",
        _ => "SubFunction",
    };
    xml.group(element, |xml| {
        xml.text("Title", names.get(*code).map_or(*code, String::as_str))?;
        xml.text("FunctionCode", code)?;
        write_function(xml, level + 1, below, names)
    })
}

#[cfg(test)]
mod tests {
    use super::super::REQUIRED;
    use super::super::tests::{parse, public, secret};
    use super::*;

    fn about() -> Transfer {
        Transfer {
            native_id: "paketti-1".to_owned(),
            title: "Neuvottelut 2025".to_owned(),
            contract: "KA/1/2025".to_owned(),
            authority: "Hyvinvointialue".to_owned(),
            contact: Contact {
                name: "Kirjaamo".to_owned(),
                address: "Katu 1, 40100 Jyväskylä".to_owned(),
                phone: "014 000 000".to_owned(),
                email: "kirjaamo@example.fi".to_owned(),
            },
            functions: BTreeMap::from([("00".to_owned(), "Hallinto".to_owned())]),
        }
    }

    fn entry(metadata: &Metadata) -> TransferRecord<'_> {
        let path =
            |r: &super::super::Rendition| (r.copy, format!("{}/{}", metadata.document, r.file));
        let paths = metadata.renditions.iter().map(path).collect();
        TransferRecord { metadata, paths, sources: Sources::Whole }
    }

    #[test]
    fn records_are_grouped_by_case() {
        let (one, two) = (public("HVA/2/2025", "001"), secret("HVA/3/2025", "002"));
        let mut round = public("HVA/4/2025", "003");
        round.case_number = None;
        let mut alone = public("HVA/5/2025", "004");
        (alone.case_number, alone.round, alone.title) = (None, None, "Tiedote".to_owned());
        let entries = [&alone, &two, &round, &one].map(entry);
        let bytes = transfer(&entries, &about()).unwrap();
        let (texts, _) = parse(&bytes);
        assert_eq!(texts["CaseFile/NativeId"], ["HVA/77/2025", "r-2025", "004"]);
        let titles = ["Asia HVA/77/2025", "Neuvottelukierros r-2025", "Tiedote"];
        assert_eq!(texts["CaseFile/Title"], titles);
        let numbers = ["HVA/2/2025", "HVA/3/2025", "HVA/4/2025", "HVA/5/2025"];
        assert_eq!(texts["CaseFile/Action/Record/NativeId"], numbers);
        let classes = ["Osittain salassapidettävä", "Julkinen", "Julkinen"];
        assert_eq!(texts["CaseFile/Restriction/PublicityClass"], classes);
        assert_eq!(texts["CaseFile/Restriction/SecurityPeriodEnd"], ["2050-10-23"]);
        assert_eq!(texts["CaseFile/RetentionPeriod"], ["-1", "10", "10"]);
        let again = [&one, &round, &alone, &two].map(entry);
        assert_eq!(transfer(&again, &about()).unwrap(), bytes);
    }

    #[test]
    fn records_say_what_they_say_alone() {
        let metadata = secret("HVA/3/2025", "002");
        let (texts, order) = parse(&transfer(&[entry(&metadata)], &about()).unwrap());
        for path in REQUIRED {
            assert!(texts.contains_key(&format!("CaseFile/Action/Record/{path}")), "{path}");
        }
        let paths = ["002/001.pdf", "002/001-web.pdf"];
        assert_eq!(texts["CaseFile/Action/Record/Document/File/Path"], paths);
        let roots: Vec<&String> =
            order.iter().filter(|path| !path.is_empty() && !path.contains('/')).collect();
        assert_eq!(roots, ["TransferInformation", "ContactInformation", "CaseFile"]);
        let mut kept = entry(&metadata);
        kept.paths.remove(&Copy::Web);
        let (texts, _) = parse(&transfer(&[kept], &about()).unwrap());
        assert_eq!(texts["CaseFile/Action/Record/Document/UseType"], ["Arkisto"]);
    }

    #[test]
    fn versions_of_a_document_are_one_action() {
        let (mut old, new) = (public("HVA/1/2025", "001"), public("HVA/2/2025", "001"));
        (old.version, old.replaces, old.corrects) = (1, None, None);
        let (texts, _) = parse(&transfer(&[&new, &old].map(entry), &about()).unwrap());
        assert_eq!(texts["CaseFile/Action/Type"], [ACTION]);
        assert_eq!(texts["CaseFile/Action/Record/Version"], ["1", "2"]);
    }

    #[test]
    fn the_function_class_has_three_levels_or_more() {
        let scheme = "CaseFile/ClassificationScheme/MainFunction";
        let middle = format!("{scheme}/FunctionClassification");
        let lowest = format!("{middle}/SubFunction");
        let metadata = public("HVA/2/2025", "001");
        let (texts, _) = parse(&transfer(&[entry(&metadata)], &about()).unwrap());
        assert_eq!(texts[&format!("{scheme}/Title")], ["Hallinto"]);
        assert_eq!(texts[&format!("{middle}/Title")], ["00.01"]);
        assert_eq!(texts[&format!("{lowest}/FunctionCode")], ["00.01.02"]);
        let mut value = serde_json::to_value(&metadata).unwrap();
        value["classification"]["function"] = "07".into();
        let metadata: Metadata = serde_json::from_value(value).unwrap();
        let (texts, _) = parse(&transfer(&[entry(&metadata)], &about()).unwrap());
        assert_eq!(texts[&format!("{lowest}/FunctionCode")], ["07"]);
    }

    #[test]
    fn a_transfer_without_records_or_contract_is_refused() {
        assert!(matches!(
            transfer(&[], &about()),
            Err(Sahke2Error::Missing { element: "CaseFile" })
        ));
        let metadata = public("HVA/2/2025", "001");
        let about = Transfer { contract: String::new(), ..about() };
        let refused = transfer(&[entry(&metadata)], &about);
        let element = "TransferContractId";
        assert!(matches!(refused, Err(Sahke2Error::Missing { element: e }) if e == element));
    }
}
