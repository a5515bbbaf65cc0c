//! The time of mediation: the limit, which is that of the route and the dispute type, and the target of the track 跑道 (TR-02).

use contracts::problems::mediation as codes;
use policy::{ClockRule, PolicyPack, pack::UnknownClock, sections::routes::Route};

use super::{Refusal, proceeding::Proceeding};
use crate::STATUTORY_CLOCK;

impl Proceeding {
    /// Notes in which procedure the court that entrusts mediation tries the case 委托调解, which some routes depend on
    /// (最高人民法院关于人民法院特邀调解的规定 27).
    ///
    /// # Errors
    /// `procedure-required` when the route depends on it; `invalid-body` for one that it does not know.
    pub fn in_procedure(
        mut self,
        procedure: Option<String>,
        policy: &PolicyPack,
    ) -> Result<Self, Refusal> {
        let known = self.way(policy).map_or(&[][..], |way| &way.procedures);
        match &procedure {
            None if known.is_empty() => {}
            None => return Err(Refusal::new(&codes::PROCEDURE_REQUIRED).at("/procedure")),
            Some(code) if known.iter().any(|one| one.code == *code) => {}
            Some(_) => {
                let codes = known.iter().map(|one| one.code.as_str());
                return Err(Refusal::unknown_code("/procedure", codes));
            }
        }
        self.course.procedure = procedure;
        Ok(self)
    }

    /// The rule of its time limit: of the court's procedure, else of the route, in the form it has for the dispute type.
    ///
    /// # Errors
    /// The policy pack lacks it.
    pub fn limit<'a>(&self, policy: &'a PolicyPack) -> Result<&'a ClockRule, UnknownClock> {
        let way = self.way(policy);
        let procedure = way
            .zip(self.course.procedure.as_deref())
            .and_then(|(way, code)| way.procedure(code));
        let clock = match (procedure, way) {
            (Some(procedure), _) => procedure.clock.as_str(),
            (None, Some(way)) => way.clock.as_str(),
            (None, None) => STATUTORY_CLOCK,
        };
        policy.clock(clock, Some(&self.type_code))
    }

    /// The clock of its track's target; none for an order of an earlier release.
    #[must_use]
    pub fn target<'a>(&self, policy: &'a PolicyPack) -> Option<&'a str> {
        let track = policy.triage().file().track(self.course.track?)?;
        Some(track.clock.as_str())
    }

    fn way<'a>(&self, policy: &'a PolicyPack) -> Option<&'a Route> {
        policy.routes().get(&self.route)
    }
}
