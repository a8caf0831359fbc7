//! Everything that is tested from outside: the library as its users see it, and the program.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod scanners;
#[cfg(test)]
mod util;
