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
    )::decimal(30, 0) * 0.01 end;

-- The same where numbers of 64 bits hold what must be divided, which goes twenty times faster than 128; beyond it as above.
-- What does one whole number come to, divided by another above zero? Half away from zero.
create or replace temp macro divided(part, whole) as sign(part) * ((abs(part) * 2 + whole) // (2 * whole));

-- Whole 分 of money, whole millionths of a share.
create or replace temp macro fen(money) as (money * 100)::bigint;
create or replace temp macro millionths(share) as (share::decimal(18, 6) * 1000000)::bigint;

-- What share is money of money?
create or replace temp macro share_of_money(part, whole) as
    case
        when abs(part) < 4000000000000 and whole between 0.01 and 4000000000000
            then divided(fen(part) * 10000, fen(whole))::decimal(30, 0) * 0.0001
        else share_of(part, whole)
    end;

-- What does money come to for one of so many?
create or replace temp macro one_of_money(amount, number) as
    case
        when abs(amount) < 4000000000000 and number > 0 then divided(fen(amount), number::bigint)::decimal(30, 0) * 0.01
        else one_of(amount, number)
    end;

-- What is a share of money, for one of so many?
create or replace temp macro part_of_money(amount, share, number) as
    case
        when amount between 0 and 3000000000 and share between 0 and 12 and number between 1 and 12
            then (divided(fen(amount) * millionths(share), number::bigint * 1000000)::decimal(30, 0) * 0.01)::decimal(18, 2)
        else one_of(amount::decimal(22, 2) * share, number)::decimal(18, 2)
    end;

-- What share is one of so many parts of a share?
create or replace temp macro one_share_of(share, number) as
    case
        when share between 0 and 12 and number between 1 and 12
            then divided(millionths(share) * 10000, number::bigint * 1000000)::decimal(30, 0) * 0.0001
        else share_of(share, number)
    end
