output "monitor_arn" {
  description = "Cost anomaly monitor."
  value       = aws_ce_anomaly_monitor.services.arn
}
