-- Tables of the registry's index, form 1. Rows are added, never changed or
-- removed; triggers refuse it. `open` holds what is under way and alone is
-- emptied.

CREATE TABLE log (
    sequence INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    number TEXT,
    digest TEXT NOT NULL UNIQUE,
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX log_number ON log (number, sequence);

-- numbers that were given out, by series and position
CREATE TABLE reservation (
    number TEXT NOT NULL UNIQUE,
    series TEXT NOT NULL,
    position INTEGER NOT NULL,
    day TEXT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (series, position)
) STRICT;

-- those of them that are neither used nor voided yet
CREATE TABLE open (
    number TEXT PRIMARY KEY REFERENCES reservation (number)
) STRICT, WITHOUT ROWID;

-- those that will never be used
CREATE TABLE void (
    number TEXT PRIMARY KEY REFERENCES reservation (number),
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- issued versions
CREATE TABLE issue (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE REFERENCES reservation (number),
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    object_version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT NOT NULL,
    day TEXT NOT NULL,
    case_number TEXT,
    round TEXT,
    publicity TEXT NOT NULL,
    retention_ends TEXT,
    pages INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    record TEXT NOT NULL,
    pdf TEXT NOT NULL,
    file TEXT NOT NULL,
    metadata TEXT NOT NULL,
    inventory TEXT NOT NULL,
    content TEXT NOT NULL,
    replaces TEXT UNIQUE REFERENCES issue (number),
    UNIQUE (document, version)
) STRICT;
CREATE INDEX issue_kind ON issue (kind, id);
CREATE INDEX issue_round ON issue (round, id);
CREATE INDEX issue_date ON issue (date, id);
CREATE INDEX issue_case ON issue (case_number, id);
CREATE INDEX issue_record ON issue (record_id, kind);
CREATE INDEX issue_retention ON issue (retention_ends) WHERE retention_ends IS NOT NULL;

-- web copies of issued versions
CREATE TABLE web (
    number TEXT PRIMARY KEY REFERENCES issue (number),
    object_version INTEGER NOT NULL,
    pdf TEXT NOT NULL,
    file TEXT NOT NULL,
    pages INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    inventory TEXT NOT NULL,
    remove_on TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX web_removal ON web (remove_on) WHERE remove_on IS NOT NULL;

-- municipalities that a version concerns
CREATE TABLE place (
    municipality TEXT NOT NULL,
    issue INTEGER NOT NULL REFERENCES issue (id),
    PRIMARY KEY (municipality, issue)
) STRICT, WITHOUT ROWID;

-- archived template sets
CREATE TABLE template_set (
    digest TEXT PRIMARY KEY,
    object_version INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- up to which entry the log stands in the files
CREATE TABLE archived (
    sequence INTEGER PRIMARY KEY
) STRICT;

-- what a search in titles finds
CREATE VIRTUAL TABLE search USING fts5 (
    title, content = 'issue', content_rowid = 'id', tokenize = 'trigram'
);

-- every piece of a title that the search knows, to look it over
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('search', 'row');

CREATE TRIGGER log_next BEFORE INSERT ON log WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM log) BEGIN SELECT RAISE(ABORT, 'the log has no gaps'); END;
CREATE TRIGGER log_fixed BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
CREATE TRIGGER log_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is never shortened'); END;
CREATE TRIGGER reservation_fixed BEFORE UPDATE ON reservation BEGIN SELECT RAISE(ABORT, 'numbers are never changed'); END;
CREATE TRIGGER reservation_kept BEFORE DELETE ON reservation BEGIN SELECT RAISE(ABORT, 'numbers are never taken back'); END;
CREATE TRIGGER void_fixed BEFORE UPDATE ON void BEGIN SELECT RAISE(ABORT, 'numbers are never changed'); END;
CREATE TRIGGER void_kept BEFORE DELETE ON void BEGIN SELECT RAISE(ABORT, 'numbers are never taken back'); END;
CREATE TRIGGER issue_fixed BEFORE UPDATE ON issue BEGIN SELECT RAISE(ABORT, 'issued versions are never changed'); END;
CREATE TRIGGER issue_kept BEFORE DELETE ON issue BEGIN SELECT RAISE(ABORT, 'issued versions are never deleted'); END;
CREATE TRIGGER web_fixed BEFORE UPDATE ON web BEGIN SELECT RAISE(ABORT, 'issued versions are never changed'); END;
CREATE TRIGGER web_kept BEFORE DELETE ON web BEGIN SELECT RAISE(ABORT, 'issued versions are never deleted'); END;
CREATE TRIGGER place_fixed BEFORE UPDATE ON place BEGIN SELECT RAISE(ABORT, 'issued versions are never changed'); END;
CREATE TRIGGER place_kept BEFORE DELETE ON place BEGIN SELECT RAISE(ABORT, 'issued versions are never deleted'); END;
CREATE TRIGGER reservation_once BEFORE INSERT ON reservation WHEN EXISTS (SELECT 1 FROM reservation WHERE number = NEW.number OR (series = NEW.series AND position = NEW.position)) BEGIN SELECT RAISE(ABORT, 'numbers are given once'); END;
CREATE TRIGGER issue_once BEFORE INSERT ON issue WHEN EXISTS (SELECT 1 FROM issue WHERE id = NEW.id OR number = NEW.number OR (document = NEW.document AND version = NEW.version)) BEGIN SELECT RAISE(ABORT, 'versions are issued once'); END;
CREATE TRIGGER web_once BEFORE INSERT ON web WHEN EXISTS (SELECT 1 FROM web WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'copies are added once'); END;
CREATE TRIGGER archived_fixed BEFORE UPDATE ON archived BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
CREATE TRIGGER archived_kept BEFORE DELETE ON archived BEGIN SELECT RAISE(ABORT, 'the log is never shortened'); END;
CREATE TRIGGER template_set_fixed BEFORE UPDATE ON template_set BEGIN SELECT RAISE(ABORT, 'template sets are never changed'); END;
CREATE TRIGGER template_set_kept BEFORE DELETE ON template_set BEGIN SELECT RAISE(ABORT, 'template sets are never deleted'); END;
