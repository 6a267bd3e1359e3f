output "workgroup_name" {
  description = "Athena workgroup in which the logs are queried."
  value       = aws_athena_workgroup.logs.name
}

output "database_name" {
  description = "Glue database of the tables."
  value       = aws_glue_catalog_database.logs.name
}

output "results_bucket_name" {
  description = "Bucket of query results and of the data of the price and profile tables."
  value       = aws_s3_bucket.results.bucket
}

output "named_query_ids" {
  description = "Ids of the named queries, by name."
  value       = { for key, query in aws_athena_named_query.logs : key => query.id }
}
