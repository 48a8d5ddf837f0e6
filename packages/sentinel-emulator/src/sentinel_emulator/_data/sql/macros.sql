-- Randomness that depends on the seed, the table, the row number and a name alone: the same rows in any order, on any number of threads.
-- Hashed twice: the last argument is only mixed in at the end, so that numbers of one row would stay tied to each other.
CREATE OR REPLACE TEMP MACRO u(i, salt) AS
    hash(hash(getvariable('seed'), getvariable('table'), i, salt)) / 18446744073709551616.0;

CREATE OR REPLACE TEMP MACRO pick(options, i, salt) AS
    options[1 + CAST(floor(u(i, salt) * len(options)) AS INTEGER)];

CREATE OR REPLACE TEMP MACRO between_(low, high, i, salt) AS
    CAST(low + floor(u(i, salt) * (high - low + 1)) AS BIGINT);

CREATE OR REPLACE TEMP MACRO guid(i, salt) AS
    CAST(CAST(md5(concat_ws('|', getvariable('seed'), i, salt)) AS UUID) AS VARCHAR);

CREATE OR REPLACE TEMP MACRO later(moment, seconds) AS
    moment + to_microseconds(CAST(CAST(1000000 AS DOUBLE) * (seconds) AS BIGINT));

-- How many rows of ordinary traffic: so many times what a small organisation has.
CREATE OR REPLACE TEMP MACRO many(ordinary) AS
    CAST(ceil(getvariable('scale') * (ordinary)) AS BIGINT);

-- A moment on day `d` back from today: nine in ten within local working hours, the rest at any hour.
CREATE OR REPLACE TEMP MACRO working_moment(i, d, utc_offset) AS
    later(
        date_trunc('day', getvariable('now')) - to_days(CAST(d AS INTEGER)),
        3600 * (CASE WHEN u(i, 'early or late') < 0.9 THEN 7.5 + 10.5 * u(i, 'hour') ELSE 24 * u(i, 'hour') END - utc_offset)
    );

CREATE OR REPLACE TEMP MACRO any_moment(i) AS
    later(getvariable('now'), -86400 * getvariable('days') * u(i, 'moment'));

-- Few work at weekends, and nothing lies in the future or before the first day.
CREATE OR REPLACE TEMP MACRO happens(i, moment) AS
    moment <= getvariable('now') AND moment > later(getvariable('now'), -86400 * getvariable('days'))
    AND (dayofweek(moment) BETWEEN 1 AND 5 OR u(i, 'weekend') < 0.15);
