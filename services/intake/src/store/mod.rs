//! The rows: free functions over a connection, one file a table.

pub mod cases;
pub mod dossiers;
pub mod matters;
pub mod numbers;
pub mod parties;
