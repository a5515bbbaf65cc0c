//! judicial-confirmation
