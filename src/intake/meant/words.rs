//! Words of Finnish, Swedish and English for what fields accept. Knows no field.

/// Words of Finnish, Swedish and English for the values that fields accept.
pub const WORDS: &[(&str, &[&str])] = &[
    ("draft", &["luonnos", "keskeneräinen", "kesken", "utkast", "preliminär", "preliminary"]),
    ("final", &["lopullinen", "valmis", "slutlig", "slutligt", "färdig", "klar", "ready"]),
    ("fi", &["suomi", "suomeksi", "finska", "finnish", "fin", "fi-fi", "fi_fi"]),
    ("sv", &["ruotsi", "ruotsiksi", "svenska", "swedish", "swe", "se", "sv-fi", "sv_fi", "sv-se"]),
    ("en", &["englanti", "englanniksi", "engelska", "english", "eng", "en-gb", "en-us"]),
    ("public", &["julkinen", "offentlig", "offentligt"]),
    (
        "partly-secret",
        &[
            "osittain salassa pidettävä",
            "osittain salainen",
            "osin salassa pidettävä",
            "delvis sekretessbelagd",
            "delvis hemlig",
            "partly secret",
            "partially secret",
        ],
    ),
    ("secret", &["salassa pidettävä", "salainen", "sekretessbelagd", "hemlig", "confidential"]),
    (
        "none",
        &["ei", "ei mitään", "ei ole", "ingen", "inga", "inget", "nej", "no", "ei henkilötietoja"],
    ),
    ("yes", &["kyllä", "on", "ja", "henkilötietoja", "personuppgifter"]),
    ("sensitive", &["arkaluonteinen", "arkaluonteisia", "arkaluonteiset", "känslig", "känsliga"]),
    (
        "municipality",
        &["kunta", "kunnat", "kaupunki", "kommun", "kommuner", "stad", "municipalities", "town"],
    ),
    (
        "employment-area",
        &["työllisyysalue", "työllisyysalueet", "sysselsättningsområde", "employment area"],
    ),
    (
        "organisation",
        &[
            "järjestö",
            "järjestöt",
            "yhdistys",
            "organisationer",
            "förening",
            "organization",
            "organisations",
            "association",
        ],
    ),
    ("parish", &["seurakunta", "seurakunnat", "församling", "församlingar", "parishes"]),
    ("company", &["yritys", "yritykset", "företag", "companies", "business"]),
    (
        "regional-council",
        &[
            "maakunnan liitto",
            "maakuntaliitto",
            "landskapsförbund",
            "landskapsförbundet",
            "regional council",
        ],
    ),
    (
        "authority",
        &["hyvinvointialue", "viranomainen", "välfärdsområde", "välfärdsområdet", "myndighet"],
    ),
    (
        "in-person",
        &[
            "läsnä",
            "paikan päällä",
            "lähi",
            "lähikokous",
            "lähitapaaminen",
            "läsnäkokous",
            "paikalla",
            "på plats",
            "närvarande",
            "fysiskt",
            "fysiskt möte",
            "in person",
            "on site",
            "onsite",
            "face to face",
        ],
    ),
    (
        "remote",
        &[
            "etä",
            "etänä",
            "etäkokous",
            "etäyhteys",
            "etäyhteydellä",
            "verkossa",
            "teams",
            "distans",
            "på distans",
            "distansmöte",
            "online",
            "virtual",
            "remotely",
            "video",
        ],
    ),
    ("hybrid", &["hybridi", "hybridikokous", "hybridinä", "hybridmöte", "hybrid meeting"]),
    ("goals", &["tavoitteet", "tavoite", "mål", "målen", "goal"]),
    ("measures", &["toimenpiteet", "toimenpide", "åtgärder", "åtgärd", "measure"]),
    ("cooperation", &["yhteistyö", "samarbete", "co-operation"]),
    ("follow-up", &["seuranta", "uppföljning", "follow up", "followup"]),
    ("schedule", &["aikataulu", "tidtabell", "tidsplan"]),
    ("groups", &["ryhmät", "kuntaryhmät", "grupper", "kommungrupper"]),
    ("participants", &["osallistujat", "deltagare"]),
    (
        "approve",
        &[
            "hyväksy",
            "hyväksytään",
            "hyväksyä",
            "hyväksyminen",
            "godkänn",
            "godkänna",
            "godkänns",
            "approval",
        ],
    ),
    (
        "note",
        &[
            "merkitään tiedoksi",
            "tiedoksi",
            "merkitä tiedoksi",
            "anteckna",
            "antecknas",
            "för kännedom",
            "take note",
            "noted",
        ],
    ),
    (
        "refer",
        &["valmistelu", "valmisteluun", "palautetaan", "återremiss", "beredning", "preparation"],
    ),
    ("execute", &["täytäntöönpano", "täytäntöön", "verkställ", "verkställighet", "execution"]),
    (
        "rectification",
        &["oikaisuvaatimus", "oikaisu", "omprövning", "begäran om omprövning", "rättelse"],
    ),
    ("complaint", &["valitus", "aluevalitus", "välfärdsområdesbesvär", "besvär", "appeal"]),
    (
        "not-started",
        &["ei aloitettu", "aloittamatta", "inte påbörjad", "ej påbörjad", "not started", "open"],
    ),
    (
        "under-way",
        &[
            "käynnissä",
            "kesken",
            "pågår",
            "pågående",
            "under way",
            "underway",
            "ongoing",
            "in progress",
        ],
    ),
    (
        "done",
        &[
            "valmis",
            "tehty",
            "toteutunut",
            "klar",
            "färdig",
            "slutförd",
            "completed",
            "complete",
            "finished",
        ],
    ),
    (
        "dropped",
        &["luovuttu", "peruttu", "hylätty", "avstått", "inställd", "cancelled", "canceled"],
    ),
    ("session", &["neuvottelu", "muistio", "förhandling", "promemoria", "memo", "meeting"]),
    ("round", &["kierros", "neuvottelukierros", "runda", "förhandlingsrunda"]),
    ("proposal", &["päätösehdotus", "esitys", "ehdotus", "beslutsförslag", "förslag"]),
    ("summary", &["koonti", "yhteenveto", "sammanställning", "sammandrag"]),
];

/// Words that surely mean a final record.
pub const FINAL: [&str; 4] = ["final", "lopullinen", "slutlig", "slutligt"];

/// Words for yes.
pub const YES: [&str; 12] =
    ["kyllä", "on", "joo", "tosi", "x", "ja", "jo", "sant", "yes", "true", "k", "y"];
/// Words for no.
pub const NO: [&str; 8] = ["ei", "epätosi", "nej", "falskt", "no", "false", "e", "n"];
