-- What does the clock here say at a moment in UTC? The offset is this machine's, set on every cursor.
create or replace temp macro here(moment) as moment::timestamp + to_seconds(coalesce(getvariable('seconds_ahead_of_utc'), 0));
create or replace temp macro day_of(moment) as here(moment)::date;

-- What share is a part of a whole? Exact in decimals, four places, half away from zero.
-- Null where the whole is null or not above zero.
create or replace temp macro share_of(part, whole) as
    case when whole > 0 then (
        sign(part) * (
            ((abs(part)::decimal(30, 8) * 100000000)::hugeint * 20000 + (whole::decimal(30, 8) * 100000000)::hugeint)
            // (2 * (whole::decimal(30, 8) * 100000000)::hugeint)
        )
    )::decimal(30, 0) * 0.0001 end;

-- What does an amount come to for one of so many? Exact in decimals, to the 分, half away from zero.
create or replace temp macro one_of(amount, number) as
    case when number > 0 then (
        sign(amount) * (
            ((abs(amount)::decimal(30, 8) * 100000000)::hugeint * 200 + number::hugeint * 100000000)
            // (2 * number::hugeint * 100000000)
        )
    )::decimal(30, 0) * 0.01 end
