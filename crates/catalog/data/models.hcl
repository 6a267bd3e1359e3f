# The facts of tfgen about Claude on Amazon Bedrock. This file is compiled into the program; edit it here, run
# `cargo test -p catalog`, done. Nothing has to be changed in Rust for a new model, region or price.
#
# Rules
# - A fact that is not known is left out. Nothing is guessed and nothing is derived: ids of models and profiles are
#   written out, because AWS's suffixes follow no rule (Opus 4.6 ends in -v1, Sonnet 4.6 in nothing).
# - Every fact has a source: `source` of a model covers its whole block; `sources` names another one for a single
#   fact; a profile may have its own, a price must.
# - Prices are USD per million tokens of the global profile. A new price is a new `price` block with its `valid_from`;
#   old blocks stay, because old usage was paid at old prices. `geo_factor` is what the geographic profiles (us, eu,
#   au, jp) cost compared with the global one.
# - `up_to_input_tokens` makes a tier: requests with at most this many input tokens pay that block. A block without it
#   covers the rest.
# - `lifecycle` is `current`, `legacy` (AWS has set an end, new customers cannot start) or `gated` (by invitation).

# Day on which all of this was last compared with its sources. tfgen warns when that is more than 90 days ago.
as_of = "2026-11-21"

# ---------------------------------------------------------------------------------------------------------------------
# Commercial regions of AWS
# ---------------------------------------------------------------------------------------------------------------------

regions {
  us-east-1      = "N. Virginia"
  us-east-2      = "Ohio"
  us-west-1      = "N. California"
  us-west-2      = "Oregon"
  ca-central-1   = "Canada Central"
  ca-west-1      = "Calgary"
  mx-central-1   = "Mexico"
  sa-east-1      = "São Paulo"
  eu-central-1   = "Frankfurt"
  eu-central-2   = "Zurich"
  eu-north-1     = "Stockholm"
  eu-south-1     = "Milan"
  eu-south-2     = "Spain"
  eu-west-1      = "Ireland"
  eu-west-2      = "London"
  eu-west-3      = "Paris"
  il-central-1   = "Tel Aviv"
  me-central-1   = "UAE"
  me-south-1     = "Bahrain"
  af-south-1     = "Cape Town"
  ap-east-1      = "Hong Kong"
  ap-east-2      = "Taipei"
  ap-northeast-1 = "Tokyo"
  ap-northeast-2 = "Seoul"
  ap-northeast-3 = "Osaka"
  ap-south-1     = "Mumbai"
  ap-south-2     = "Hyderabad"
  ap-southeast-1 = "Singapore"
  ap-southeast-2 = "Sydney"
  ap-southeast-3 = "Jakarta"
  ap-southeast-4 = "Melbourne"
  ap-southeast-5 = "Malaysia"
  ap-southeast-6 = "New Zealand"
  ap-southeast-7 = "Thailand"
}

# ---------------------------------------------------------------------------------------------------------------------
# Destination regions: source region = where a request from there may be served. AWS does not change the list of an
# existing geographic profile. The key `everywhere` lists the source regions of profiles that may be served in every
# commercial region.
# ---------------------------------------------------------------------------------------------------------------------

destinations "us" {
  us-east-1    = ["us-east-1", "us-east-2", "us-west-2"]
  us-east-2    = ["us-east-1", "us-east-2", "us-west-2"]
  us-west-1    = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"]
  us-west-2    = ["us-east-1", "us-east-2", "us-west-2"]
  ca-central-1 = ["ca-central-1", "us-east-1", "us-east-2", "us-west-2"]
  ca-west-1    = ["ca-west-1", "us-east-1", "us-east-2", "us-west-2"]
}

# The 4.5 models cannot be called from Calgary.
destinations "us-without-calgary" {
  us-east-1    = ["us-east-1", "us-east-2", "us-west-2"]
  us-east-2    = ["us-east-1", "us-east-2", "us-west-2"]
  us-west-1    = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"]
  us-west-2    = ["us-east-1", "us-east-2", "us-west-2"]
  ca-central-1 = ["ca-central-1", "us-east-1", "us-east-2", "us-west-2"]
}

destinations "eu" {
  eu-central-1 = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-central-2 = ["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-north-1   = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-south-1   = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-south-2   = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-west-1    = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-west-2    = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"]
  eu-west-3    = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
}

destinations "au" {
  ap-southeast-2 = ["ap-southeast-2", "ap-southeast-4"]
  ap-southeast-4 = ["ap-southeast-2", "ap-southeast-4"]
}

# Models up to Sonnet 4.6 can also be called from New Zealand.
destinations "au-with-new-zealand" {
  ap-southeast-2 = ["ap-southeast-2", "ap-southeast-4"]
  ap-southeast-4 = ["ap-southeast-2", "ap-southeast-4"]
  ap-southeast-6 = ["ap-southeast-2", "ap-southeast-4", "ap-southeast-6"]
}

destinations "jp" {
  ap-northeast-1 = ["ap-northeast-1", "ap-northeast-3"]
  ap-northeast-3 = ["ap-northeast-1", "ap-northeast-3"]
}

destinations "global" {
  everywhere = [
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1", "sa-east-1",
    "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
    "il-central-1", "me-central-1", "me-south-1", "af-south-1",
    "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
    "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
    "ap-southeast-7",
  ]
}

# ---------------------------------------------------------------------------------------------------------------------
# Sources. `read` is the day of the copy that was read. `third_party = true`: neither AWS nor Anthropic says so.
# ---------------------------------------------------------------------------------------------------------------------

source "card-opus-4-6" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-6.html"
  read = "2026-11-21"
}

source "claude-pricing" {
  url  = "https://platform.claude.com/docs/en/about-claude/pricing"
  read = "2026-08-22"
}

source "claude-models" {
  url  = "https://platform.claude.com/docs/en/about-claude/models/overview"
  read = "2026-08-22"
}

# ---------------------------------------------------------------------------------------------------------------------
# Models, newest first within a family
# ---------------------------------------------------------------------------------------------------------------------

model "opus-4-6" {
  name                = "Claude Opus 4.6"
  base_id             = "anthropic.claude-opus-4-6-v1"
  anthropic_id        = "claude-opus-4-6"
  family              = "opus"
  lifecycle           = "current"
  launched            = "2026-02-05"
  marketplace_product = "prod-5ukwuglpt66kg"
  max_output_tokens   = 128000
  geo_factor          = 1.1
  source              = "card-opus-4-6"
  sources             = { anthropic_id = "claude-models", family = "claude-models", geo_factor = "claude-pricing" }

  profile "us" {
    id           = "us.anthropic.claude-opus-4-6-v1"
    destinations = "us"
  }
  profile "eu" {
    id           = "eu.anthropic.claude-opus-4-6-v1"
    destinations = "eu"
  }
  profile "au" {
    id           = "au.anthropic.claude-opus-4-6-v1"
    destinations = "au-with-new-zealand"
  }
  profile "global" {
    id           = "global.anthropic.claude-opus-4-6-v1"
    destinations = "global"
  }

  price {
    valid_from     = "2026-02-05"
    source         = "claude-pricing"
    input          = 5
    output         = 25
    cache_read     = 0.5
    cache_write_5m = 6.25
    cache_write_1h = 10
  }
}
