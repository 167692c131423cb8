//! Inflates what somebody else compressed, up to a bound. Knows nothing of what the bytes mean.

use flate2::{Decompress, FlushDecompress, Status};

/// The least that is reserved at once, bytes.
const STEP_BYTES: usize = 1024;

/// Why nothing came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    #[error("not a whole compressed body, or more than one")]
    Damaged,
    #[error("inflates beyond its limit")]
    TooLarge,
}

/// What `body` holds, if it is exactly one body of at most `bytes_max` bytes. The inflater brings its dictionary.
///
/// # Errors
/// Damaged bytes; a body that inflates beyond the limit. Never more than the limit is reserved.
pub fn inflate(mut inflater: Decompress, body: &[u8], bytes_max: usize) -> Result<Vec<u8>, InflateError> {
    let mut out: Vec<u8> = Vec::with_capacity(body.len().saturating_mul(4).max(STEP_BYTES).min(bytes_max));
    loop {
        let read = inflater.total_in() as usize;
        let written = out.len();
        let status = inflater
            .decompress_vec(body.get(read..).unwrap_or_default(), &mut out, FlushDecompress::None)
            .map_err(|_| InflateError::Damaged)?;
        if status == Status::StreamEnd {
            let complete = inflater.total_in() as usize == body.len();
            return if complete { Ok(out) } else { Err(InflateError::Damaged) };
        }
        if out.len() >= bytes_max {
            return Err(InflateError::TooLarge);
        }
        if out.len() == written && inflater.total_in() as usize == read && out.capacity() > out.len() {
            return Err(InflateError::Damaged);
        }
        let more = out.capacity().max(STEP_BYTES).min(bytes_max - out.len());
        out.reserve_exact(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compress, Compression, FlushCompress};

    fn deflated(body: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(body.len() + 64);
        Compress::new(Compression::fast(), false)
            .compress_vec(body, &mut out, FlushCompress::Finish)
            .unwrap();
        out
    }

    #[test]
    fn what_fits_comes_back_and_what_does_not_is_refused_at_every_limit() {
        // Half of it varies and half does not, so that the first guess of its size is wrong in both directions.
        let body: Vec<u8> = (0u32..5_000)
            .map(|turn| if turn < 2_500 { ((turn * turn) >> 3) as u8 } else { 7 })
            .collect();
        let small = deflated(&body);
        for bytes_max in (0..2_200).chain(4_900..5_200) {
            let inflated = inflate(Decompress::new(false), &small, bytes_max);
            if bytes_max > body.len() {
                assert_eq!(inflated.as_ref(), Ok(&body), "{bytes_max}");
            } else if bytes_max < body.len() {
                assert_eq!(inflated, Err(InflateError::TooLarge), "{bytes_max}");
            }
        }
    }

    #[test]
    fn a_cut_body_and_one_with_something_behind_it_are_damaged() {
        let small = deflated(&b"visits/checks ".repeat(40));
        for length in 0..small.len() {
            let cut = inflate(Decompress::new(false), &small[..length], 10_000);
            assert_eq!(cut, Err(InflateError::Damaged), "cut at {length}");
        }
        let more = [&small[..], &[0]].concat();
        assert_eq!(
            inflate(Decompress::new(false), &more, 10_000),
            Err(InflateError::Damaged)
        );
    }
}
