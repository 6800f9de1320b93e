//! Values by number, in the order of the numbers.
//!
//! The standard library's ordered map is compiled anew for every type of value, some 2 kB of the
//! page each after gzip. Here one map of places serves them all, and the values lie in a vector.

use std::collections::BTreeMap;

/// Values of one type, each under a number of its own. O(log n) an operation; memory follows the
/// most values there ever were at once.
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    places: BTreeMap<u64, u32>,
    values: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), values: Vec::new(), free: Vec::new() }
    }
}

impl<T> Numbered<T> {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The value of a number.
    pub fn get(&self, number: u64) -> Option<&T> {
        self.values[*self.places.get(&number)? as usize].as_ref()
    }

    /// The value of a number, to be changed.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.values[*self.places.get(&number)? as usize].as_mut()
    }

    /// All values, in no order that means anything. O(most values there ever were).
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.values.iter().flatten()
    }

    /// Puts a value under a number, in place of the one there may be.
    pub fn insert(&mut self, number: u64, value: T) {
        if let Some(known) = self.get_mut(number) {
            *known = value;
            return;
        }
        let place = match self.free.pop() {
            Some(place) => place,
            None => {
                self.values.push(None);
                self.values.len() as u32 - 1
            }
        };
        self.values[place as usize] = Some(value);
        self.places.insert(number, place);
    }

    /// Takes the value of a number away.
    pub fn remove(&mut self, number: u64) -> Option<T> {
        let place = self.places.remove(&number)?;
        self.free.push(place);
        self.values[place as usize].take()
    }

    /// The numbers that have a value, ascending. O(values).
    pub fn numbers(&self) -> Vec<u64> {
        self.places.keys().copied().collect()
    }

    /// Memory held, in bytes: about that of a map of as many places.
    pub fn memory_bytes(&self) -> usize {
        const PLACE: usize = 24;
        self.places.len() * PLACE
            + self.values.capacity() * size_of::<Option<T>>()
            + self.free.capacity() * size_of::<u32>()
    }

    /// The lowest number that has a value.
    pub fn first(&self) -> Option<u64> {
        self.places.first_key_value().map(|(&number, _)| number)
    }

    /// Takes away the value of the lowest number.
    pub fn pop_first(&mut self) -> Option<(u64, T)> {
        let number = self.first()?;
        Some((number, self.remove(number)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn values_are_those_of_the_standard_librarys_map() {
        let mut stream = Stream::new(4, "numbered", 0);
        let (mut found, mut twin) = (Numbered::default(), BTreeMap::new());
        let mut most = 0;
        for step in 0..20_000_u64 {
            let number = stream.below(60);
            match stream.below(6) {
                0..3 => {
                    found.insert(number, step);
                    twin.insert(number, step);
                }
                3 => assert_eq!(found.remove(number), twin.remove(&number)),
                4 => assert_eq!(found.pop_first(), twin.pop_first()),
                _ => {
                    if let Some(value) = found.get_mut(number) {
                        *value += 1;
                    }
                    twin.entry(number).and_modify(|value| *value += 1);
                }
            }
            assert_eq!(found.get(number), twin.get(&number));
            assert_eq!(found.first(), twin.first_key_value().map(|(&number, _)| number));
            assert_eq!((found.len(), found.is_empty()), (twin.len(), twin.is_empty()));
            most = most.max(twin.len());
        }
        assert!(0 < most && most < 60);
        assert_eq!(found.values.len(), most, "places are used again");
    }
}
