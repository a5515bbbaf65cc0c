//! The rows: free functions over a connection, one file a table.

pub mod amendments;
pub mod appointments;
pub mod attachments;
pub mod case_acts;
pub mod cases;
pub mod corrections;
pub mod dossiers;
pub mod files;
pub mod imports;
pub mod inquiries;
pub mod links;
pub mod matters;
pub mod notifications;
pub mod numbers;
pub mod organisation_messages;
pub mod organisations;
pub mod parties;
pub mod people;
pub mod petitions;
pub mod receipts;
pub mod screenings;
