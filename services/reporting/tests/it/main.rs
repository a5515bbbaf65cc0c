//! Reporting on real servers.
#![cfg(test)]

mod api;
mod consumers;
mod documents;
mod domain;
mod feed;
mod published_figures;
mod rebuild;
