//! Requests to a trace file, in Mooncake's own layout.

use super::RawRequest;

/// Appends one line, newline included. Reading it back gives the same request.
pub fn write_line(request: &RawRequest, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"timestamp\": ");
    write_number(request.timestamp_ms, out);
    out.extend_from_slice(b", \"input_length\": ");
    write_number(u64::from(request.input_tokens), out);
    out.extend_from_slice(b", \"output_length\": ");
    write_number(u64::from(request.output_tokens), out);
    out.extend_from_slice(b", \"hash_ids\": [");
    for (position, &id) in request.hash_ids.iter().enumerate() {
        if position > 0 {
            out.extend_from_slice(b", ");
        }
        write_number(id, out);
    }
    out.extend_from_slice(b"]}\n");
}

/// Appends a number in decimal digits.
fn write_number(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}
