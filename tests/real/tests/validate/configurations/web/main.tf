locals {
  domain = "example.com"
  hosts  = toset(["www", "api"])
  origin = try(local.settings.origin, "www")
  settings = yamldecode(<<-YAML
    origin: www
    ttl: 300
  YAML
  )
}

resource "aws_route53_zone" "this" {
  name = local.domain
}

resource "aws_acm_certificate" "this" {
  domain_name               = local.domain
  subject_alternative_names = [for host in local.hosts : "${host}.${local.domain}"]
  validation_method         = "DNS"
}

resource "aws_route53_record" "validation" {
  for_each = {
    for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => {
      name  = option.resource_record_name
      type  = option.resource_record_type
      value = option.resource_record_value
    }
  }

  zone_id = aws_route53_zone.this.zone_id
  name    = each.value.name
  type    = each.value.type
  ttl     = local.settings.ttl
  records = [each.value.value]
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_cloudfront_distribution" "this" {
  enabled = true
  aliases = [for host in local.hosts : "${host}.${local.domain}"]

  origin {
    domain_name = "${local.origin}.${local.domain}"
    origin_id   = "main"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "main"
    viewer_protocol_policy = "redirect-to-https"

    forwarded_values {
      query_string = false

      cookies {
        forward = "none"
      }
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn = aws_acm_certificate_validation.this.certificate_arn
    ssl_support_method  = "sni-only"
  }
}

output "name" {
  value = aws_cloudfront_distribution.this.domain_name
}
