/**
 * What an expression may call: scalar functions and aggregates that compute from their arguments alone.
 * Nothing here reads files, settings, clocks, sequences, secrets or random bits, and no number among the
 * arguments decides how large the result is.
 */
const words = (text: string) => text.trim().split(/\s+/);

export const SCALAR_FUNCTIONS: ReadonlySet<string> = new Set([
  ...words(
    '+ - * / // % ** ^ & | << >> ~ || @ !~~ ~~ ~~* !~~* ~~~ ^@ not_like_escape like_escape ilike_escape',
  ),
  ...words(
    'abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log2 log10 pow power mod fmod greatest least',
  ),
  ...words('sin cos tan asin acos atan atan2 sinh cosh tanh degrees radians pi isnan isinf isfinite'),
  ...words(
    'lower upper lcase ucase trim ltrim rtrim length strlen len substr substring left right reverse concat',
  ),
  ...words(
    'contains starts_with ends_with prefix suffix strpos instr position replace split_part strip_accents',
  ),
  ...words('regexp_matches regexp_full_match regexp_extract regexp_replace levenshtein jaccard hamming'),
  ...words(
    'year month day hour minute second quarter week dayofweek isodow dayofyear weekday weekofyear decade century',
  ),
  ...words(
    'date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add epoch epoch_ms',
  ),
  ...words(
    'strptime try_strptime make_date last_day dayname monthname to_days to_hours to_minutes to_seconds',
  ),
  ...words('to_months to_years to_weeks coalesce nullif ifnull if'),
]);

export const AGGREGATE_FUNCTIONS: ReadonlySet<string> = new Set(
  words(
    'count count_star count_if sum avg mean min max median mode stddev stddev_pop stddev_samp var_pop var_samp variance ' +
      'quantile_cont quantile_disc skewness kurtosis entropy bool_and bool_or first last any_value corr',
  ),
);

/** Types that `CAST` may convert to. */
export const CAST_TYPES: ReadonlySet<string> = new Set(
  words(
    'BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL VARCHAR ' +
      'DATE TIME TIMESTAMP INTERVAL',
  ),
);
