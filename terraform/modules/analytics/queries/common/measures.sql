  count(*) AS invocations,
  sum(input_tokens) AS input_tokens,
  sum(output_tokens) AS output_tokens,
  sum(cache_read_tokens) AS cache_read_tokens,
  sum(cache_write_tokens) AS cache_write_tokens,
  -- Without the calls that the last column counts; empty, not 0, if there are no others.
  round(sum(usd), 4) AS cost_usd,
  -- If everything had been cached for an hour; empty if that is not known for every call.
  CASE WHEN count_if(usd_upper_bound IS NULL) = 0 THEN round(sum(usd_upper_bound), 4) END AS cost_usd_upper_bound,
  count_if(usd IS NULL) AS unpriced_invocations
