//! The file of a case 卷宗: what it must hold, whether paper and index agree, how long it is kept (transition 30; 人民调解文书格式,
//! 司法部 2010; 档案法 35-39).

use chrono::{DateTime, Months, NaiveDate, Utc};
use contracts::{
    events::intake::CaseArchived,
    ids::{AttachmentId, CaseId, OrganisationId},
};
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use policy::{
    Due,
    clock::due::beijing_date,
    sections::{
        Named,
        intake::{FilePolicy, Must, RetentionClass},
    },
};

use super::{Refusal, case::CaseStatus, dispute_case::DisputeCase};

/// A document in the index of a case's file 卷内目录.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::file_documents, primary_key(case_id, position), treat_none_as_null = true)]
pub struct FileDocument {
    /// The case.
    pub case_id: CaseId,
    /// Its place, from 1.
    pub position: i32,
    /// A code of the policy pack's list of documents.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its pages.
    pub pages: i32,
    /// Subject of who added it.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// The attachment that holds it.
    pub attachment_id: Option<AttachmentId>,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: Option<String>,
}

/// An archived file.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::case_files)]
pub struct CaseFile {
    /// The case.
    pub case_id: CaseId,
    /// 卷号.
    pub number: String,
    /// In whose series it was numbered.
    pub organisation_id: Option<OrganisationId>,
    /// A code of the policy pack's retention classes.
    pub retention: String,
    /// The last day it must be kept; none = for ever.
    pub keep_until: Option<NaiveDate>,
    /// Subject of who archived it.
    pub archived_by: String,
    /// When.
    pub archived_at: DateTime<Utc>,
}

/// A document as it lies in the paper file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// A code of the policy pack's list of documents.
    pub kind: String,
    /// Its pages.
    pub pages: i64,
}

/// A place at which paper and index differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The place, from 0.
    pub at: usize,
    /// What the index says.
    pub index: Option<Sheet>,
    /// What the paper file holds.
    pub paper: Option<Sheet>,
}

impl Difference {
    /// What people read: Chinese and English. Only codes and pages, no titles.
    #[must_use]
    pub fn texts(&self) -> (String, String) {
        let sheet = |sheet: &Option<Sheet>, none: &str, pages: &str| match sheet {
            Some(Sheet { kind, pages: count }) => format!("{kind}, {count} {pages}"),
            None => none.to_owned(),
        };
        let place = self.at + 1;
        (
            format!(
                "第 {place} 件:目录为 {},纸质为 {}",
                sheet(&self.index, "无", "页"),
                sheet(&self.paper, "无", "页")
            ),
            format!(
                "Document {place}: the index has {}, the paper file has {}",
                sheet(&self.index, "none", "pages"),
                sheet(&self.paper, "none", "pages")
            ),
        )
    }
}

/// The documents of the policy pack's list that must be in the file and are not. Some are needed only when there is an agreement.
#[must_use]
pub fn missing(documents: &[FileDocument], policy: &FilePolicy, agreed: bool) -> Vec<Named> {
    let must = policy
        .documents
        .iter()
        .filter(|document| match document.must {
            Must::Always => true,
            Must::Agreed => agreed,
            Must::AsNeeded => false,
        });
    let held = |code: &str| documents.iter().any(|document| document.kind == code);
    must.filter(|document| !held(&document.code))
        .map(|document| Named {
            code: document.code.clone(),
            name: document.name.clone(),
        })
        .collect()
}

/// Every place at which the paper file is not as the index says.
#[must_use]
pub fn differences(documents: &[FileDocument], paper: &[Sheet]) -> Vec<Difference> {
    let index = documents.iter().map(|document| Sheet {
        kind: document.kind.clone(),
        pages: i64::from(document.pages),
    });
    let index: Vec<Sheet> = index.collect();
    (0..index.len().max(paper.len()))
        .map(|at| Difference {
            at,
            index: index.get(at).cloned(),
            paper: paper.get(at).cloned(),
        })
        .filter(|difference| difference.index != difference.paper)
        .collect()
}

/// How a file is archived.
pub struct Archiving<'a> {
    /// The index.
    pub documents: &'a [FileDocument],
    /// The paper file, in its order.
    pub paper: &'a [Sheet],
    /// Whether the parties agreed.
    pub agreed: bool,
    /// How long it is kept.
    pub retention: &'a RetentionClass,
    /// Subject of who archives it.
    pub by: &'a str,
    /// When the case can no longer be opened again: an archived file stays as it is.
    pub reopen_until: Option<Due>,
}

impl DisputeCase {
    /// Whether its file may still be filled.
    ///
    /// # Errors
    /// [`Refusal::Merged`]: the leading case has the file. [`Refusal::CaseNotFrom`] when it is archived.
    pub fn check_file_open(&self) -> Result<(), Refusal> {
        self.check_leads()?;
        match self.status {
            CaseStatus::Archived => Err(Refusal::CaseNotFrom(self.status)),
            _ => Ok(()),
        }
    }

    /// Whether the file may be archived 归档 (transition 30): the case is closed and can no longer be opened again, every document
    /// that must be there is, and paper and index agree.
    ///
    /// # Errors
    /// [`Refusal::Merged`], [`Refusal::CaseNotFrom`], [`Refusal::ReopenWindowOpen`], [`Refusal::FileIncomplete`], [`Refusal::PaperDiffers`].
    pub fn check_archivable(
        &self,
        archiving: &Archiving<'_>,
        policy: &FilePolicy,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        self.check_leads()?;
        self.step("archive_case")?;
        if let Some(window) = archiving.reopen_until.filter(|window| window.in_time(now)) {
            return Err(Refusal::ReopenWindowOpen(window.last_day));
        }
        let missing = missing(archiving.documents, policy, archiving.agreed);
        if !missing.is_empty() {
            return Err(Refusal::FileIncomplete(missing));
        }
        let differences = differences(archiving.documents, archiving.paper);
        if differences.is_empty() {
            Ok(())
        } else {
            Err(Refusal::PaperDiffers(differences))
        }
    }

    /// Archives the file under its number, once [`Self::check_archivable`] let it pass.
    #[must_use]
    pub fn archive(
        &self,
        archiving: &Archiving<'_>,
        number: String,
        organisation_id: Option<OrganisationId>,
        now: DateTime<Utc>,
    ) -> (CaseFile, CaseArchived) {
        let begins = beijing_date(self.closed_at.unwrap_or(now));
        let keep_until = archiving
            .retention
            .years
            .and_then(|years| begins.checked_add_months(Months::new(12 * years)));
        let event = CaseArchived {
            case_id: self.id,
            region: self.region,
            file_number: number.clone(),
            retention: archiving.retention.code.clone(),
            documents: u32::try_from(archiving.documents.len()).unwrap_or(u32::MAX),
            archived_at: now,
        };
        let file = CaseFile {
            case_id: self.id,
            number,
            organisation_id,
            retention: archiving.retention.code.clone(),
            keep_until,
            archived_by: archiving.by.to_owned(),
            archived_at: now,
        };
        (file, event)
    }
}
