//! Where nodes stand to each other.

use contracts::region::RegionCode;
use policy::sections::requests::Direction;

/// Where another node stands to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is this node.
    Here,
    /// 上级.
    Above,
    /// 下级.
    Below,
    /// Neither: the way leads over a common superior.
    Beside,
}

impl Place {
    /// Where `other` stands to `node`.
    #[must_use]
    pub fn of(other: RegionCode, node: RegionCode) -> Self {
        if other == node {
            Self::Here
        } else if other.contains(&node) {
            Self::Above
        } else if node.contains(&other) {
            Self::Below
        } else {
            Self::Beside
        }
    }

    /// Whether a request of this direction may go there.
    #[must_use]
    pub fn allows(self, direction: Direction) -> bool {
        match (self, direction) {
            (Self::Here, _) => false,
            (_, Direction::Any)
            | (Self::Above, Direction::Up)
            | (Self::Below, Direction::Down)
            | (Self::Beside, Direction::Lateral) => true,
            _ => false,
        }
    }
}

/// Whether `node` is the lowest that has both of two nodes below it: the one that passes their messages on. `children` are
/// the nodes directly below it.
#[must_use]
pub fn passes_on(
    node: RegionCode,
    children: &[RegionCode],
    one: RegionCode,
    other: RegionCode,
) -> bool {
    let over = |node: RegionCode| node.contains(&one) && node.contains(&other);
    over(node) && one != node && other != node && !children.iter().any(|child| over(*child))
}
