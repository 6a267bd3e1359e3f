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

# Opus 4.1 and Sonnet 4 cannot be called from Canada.
destinations "us-three" {
  us-east-1 = ["us-east-1", "us-east-2", "us-west-2"]
  us-east-2 = ["us-east-1", "us-east-2", "us-west-2"]
  us-west-2 = ["us-east-1", "us-east-2", "us-west-2"]
}

destinations "us-four" {
  us-east-1 = ["us-east-1", "us-east-2", "us-west-2"]
  us-east-2 = ["us-east-1", "us-east-2", "us-west-2"]
  us-west-1 = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"]
  us-west-2 = ["us-east-1", "us-east-2", "us-west-2"]
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

destinations "eu-sonnet-4" {
  eu-central-1 = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-north-1   = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-south-1   = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-south-2   = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-west-1    = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  eu-west-3    = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"]
  il-central-1 = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3", "il-central-1"]
}

destinations "apac-sonnet-4" {
  ap-northeast-1 = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-4",
  ]
  ap-northeast-2 = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-4",
  ]
  ap-northeast-3 = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-4",
  ]
  ap-south-1 = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-4",
  ]
  ap-south-2 = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-4",
  ]
  ap-southeast-1 = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-4",
  ]
  ap-southeast-2 = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-4",
  ]
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

destinations "global-sonnet-4" {
  everywhere = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1", "ap-northeast-1"]
}

# ---------------------------------------------------------------------------------------------------------------------
# Sources. `read` is the day of the copy that was read, where it has one, otherwise the day of reading.
# `third_party = true`: neither AWS nor Anthropic says so.
# ---------------------------------------------------------------------------------------------------------------------

source "card-opus-5-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-5-5.html"
  read = "2026-11-21"
}

source "card-opus-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-5.html"
  read = "2026-11-21"
}

source "card-opus-4-8" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-8.html"
  read = "2026-11-21"
}

source "card-opus-4-7" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-7.html"
  read = "2026-11-21"
}

source "card-opus-4-6" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-6.html"
  read = "2026-11-21"
}

source "card-opus-4-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-5.html"
  read = "2026-11-21"
}

source "card-opus-4-1" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-1.html"
  read = "2026-11-21"
}

source "card-sonnet-5-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-sonnet-5-5.html"
  read = "2026-11-21"
}

source "card-sonnet-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-sonnet-5.html"
  read = "2026-11-21"
}

source "card-sonnet-4-6" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-sonnet-4-6.html"
  read = "2026-11-21"
}

source "card-sonnet-4-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-sonnet-4-5.html"
  read = "2026-11-21"
}

source "card-sonnet-4" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-sonnet-4.html"
  read = "2026-11-21"
}

source "card-haiku-5-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-haiku-5-5.html"
  read = "2026-11-21"
}

source "card-haiku-4-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-haiku-4-5.html"
  read = "2026-11-21"
}

source "card-fable-5-1" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-fable-5-1.html"
  read = "2026-11-21"
}

source "card-fable-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-fable-5.html"
  read = "2026-11-21"
}

source "card-mythos-5-1" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-mythos-5-1.html"
  read = "2026-11-21"
}

source "card-mythos-5" {
  url  = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-mythos-5.html"
  read = "2026-11-21"
}

source "claude-pricing" {
  url  = "https://platform.claude.com/docs/en/about-claude/pricing"
  read = "2026-08-22"
}

# A later copy of the same page, with the 5.1 models and before the 5.5 models; its day is not known.
source "claude-pricing-5-1" {
  url  = "https://platform.claude.com/docs/en/about-claude/pricing"
  read = "2026-11-21"
}

source "claude-models" {
  url  = "https://platform.claude.com/docs/en/about-claude/models/overview"
  read = "2026-08-22"
}

source "claude-opus-5-5" {
  url  = "https://platform.claude.com/docs/en/models/opus-5-5/overview"
  read = "2026-11-21"
}

source "claude-sonnet-5-5" {
  url  = "https://platform.claude.com/docs/en/models/sonnet-5-5/overview"
  read = "2026-11-21"
}

source "claude-haiku-5-5" {
  url  = "https://platform.claude.com/docs/en/models/haiku-5-5/overview"
  read = "2026-11-21"
}

source "claude-code-models" {
  url  = "https://code.claude.com/docs/en/model-config"
  read = "2026-08-22"
}

source "claude-code-errors" {
  url  = "https://code.claude.com/docs/en/errors"
  read = "2026-08-22"
}

# Compared with the live price page on 2026-10-24: the cut of Sonnet 5.5's cache reads and the upper tier of Haiku 5.5.
source "price-audit" {
  url         = "https://github.com/kurofune/claudit/releases/tag/v1.9.2"
  read        = "2026-10-24"
  third_party = true
}

source "sonnet-5-5-claude-code" {
  url         = "https://apidog.com/jp/blog/claude-sonnet-5-5-claude-code/"
  read        = "2026-09-29"
  third_party = true
}

# ---------------------------------------------------------------------------------------------------------------------
# Models, newest first within a family
# ---------------------------------------------------------------------------------------------------------------------

model "opus-5-5" {
  name                = "Claude Opus 5.5"
  base_id             = "anthropic.claude-opus-5-5"
  anthropic_id        = "claude-opus-5-5"
  family              = "opus"
  lifecycle           = "current"
  launched            = "2026-09-22"
  marketplace_product = "prod-e5xo6z26ie45g"
  max_output_tokens   = 128000
  geo_factor          = 1.1
  source              = "card-opus-5-5"
  sources = {
    anthropic_id = "claude-opus-5-5"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-opus-5-5", destinations = "us" }
    eu     = { id = "eu.anthropic.claude-opus-5-5", destinations = "eu" }
    au     = { id = "au.anthropic.claude-opus-5-5", destinations = "au" }
    jp     = { id = "jp.anthropic.claude-opus-5-5", destinations = "jp" }
    global = { id = "global.anthropic.claude-opus-5-5", destinations = "global" }
  }

  price {
    valid_from     = "2026-09-22"
    source         = "claude-opus-5-5"
    input          = 4
    output         = 20
    cache_read     = 0.2
    cache_write_5m = 5
  }
}

# The card names the geographic profiles but not where they lead.
model "opus-5" {
  name                = "Claude Opus 5"
  base_id             = "anthropic.claude-opus-5"
  anthropic_id        = "claude-opus-5"
  family              = "opus"
  lifecycle           = "current"
  launched            = "2026-07-24"
  marketplace_product = "prod-if5d653ow7ehg"
  max_output_tokens   = 128000
  min_claude_code     = "2.1.219"
  geo_factor          = 1.1
  source              = "card-opus-5"
  sources = {
    anthropic_id    = "claude-models"
    family          = "claude-code-models"
    geo_factor      = "claude-pricing"
    min_claude_code = "claude-code-models"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-opus-5" }
    eu     = { id = "eu.anthropic.claude-opus-5" }
    au     = { id = "au.anthropic.claude-opus-5" }
    global = { id = "global.anthropic.claude-opus-5", destinations = "global" }
  }

  price {
    valid_from     = "2026-07-24"
    source         = "claude-pricing"
    input          = 5
    output         = 25
    cache_read     = 0.5
    cache_write_5m = 6.25
    cache_write_1h = 10
  }
}

model "opus-4-8" {
  name                = "Claude Opus 4.8"
  base_id             = "anthropic.claude-opus-4-8"
  anthropic_id        = "claude-opus-4-8"
  family              = "opus"
  lifecycle           = "current"
  launched            = "2026-05-28"
  marketplace_product = "prod-bk5rjg4eo2pke"
  max_output_tokens   = 128000
  min_claude_code     = "2.1.154"
  geo_factor          = 1.1
  source              = "card-opus-4-8"
  sources = {
    anthropic_id    = "claude-models"
    family          = "claude-code-models"
    geo_factor      = "claude-pricing"
    min_claude_code = "claude-code-models"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-opus-4-8", destinations = "us" }
    eu     = { id = "eu.anthropic.claude-opus-4-8", destinations = "eu" }
    au     = { id = "au.anthropic.claude-opus-4-8", destinations = "au" }
    jp     = { id = "jp.anthropic.claude-opus-4-8", destinations = "jp" }
    global = { id = "global.anthropic.claude-opus-4-8", destinations = "global" }
  }

  price {
    valid_from     = "2026-05-28"
    source         = "claude-pricing"
    input          = 5
    output         = 25
    cache_read     = 0.5
    cache_write_5m = 6.25
    cache_write_1h = 10
  }
}

model "opus-4-7" {
  name                = "Claude Opus 4.7"
  base_id             = "anthropic.claude-opus-4-7"
  anthropic_id        = "claude-opus-4-7"
  family              = "opus"
  lifecycle           = "current"
  launched            = "2026-04-16"
  marketplace_product = "prod-d2ik6zgct5hxi"
  max_output_tokens   = 128000
  min_claude_code     = "2.1.111"
  geo_factor          = 1.1
  source              = "card-opus-4-7"
  sources = {
    anthropic_id    = "claude-models"
    family          = "claude-code-models"
    geo_factor      = "claude-pricing"
    min_claude_code = "claude-code-errors"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-opus-4-7", destinations = "us" }
    eu     = { id = "eu.anthropic.claude-opus-4-7", destinations = "eu" }
    au     = { id = "au.anthropic.claude-opus-4-7", destinations = "au" }
    jp     = { id = "jp.anthropic.claude-opus-4-7", destinations = "jp" }
    global = { id = "global.anthropic.claude-opus-4-7", destinations = "global" }
  }

  price {
    valid_from     = "2026-04-16"
    source         = "claude-pricing"
    input          = 5
    output         = 25
    cache_read     = 0.5
    cache_write_5m = 6.25
    cache_write_1h = 10
  }
}

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
  sources = {
    anthropic_id = "claude-models"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-opus-4-6-v1", destinations = "us" }
    eu     = { id = "eu.anthropic.claude-opus-4-6-v1", destinations = "eu" }
    au     = { id = "au.anthropic.claude-opus-4-6-v1", destinations = "au-with-new-zealand" }
    global = { id = "global.anthropic.claude-opus-4-6-v1", destinations = "global" }
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

model "opus-4-5" {
  name                = "Claude Opus 4.5"
  base_id             = "anthropic.claude-opus-4-5-20251101-v1:0"
  anthropic_id        = "claude-opus-4-5-20251101"
  family              = "opus"
  lifecycle           = "current"
  launched            = "2025-11-24"
  marketplace_product = "prod-jhuafngbly644"
  max_output_tokens   = 64000
  geo_factor          = 1.1
  source              = "card-opus-4-5"
  sources = {
    anthropic_id = "claude-models"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-opus-4-5-20251101-v1:0", destinations = "us-without-calgary" }
    eu     = { id = "eu.anthropic.claude-opus-4-5-20251101-v1:0", destinations = "eu" }
    global = { id = "global.anthropic.claude-opus-4-5-20251101-v1:0", destinations = "global" }
  }

  price {
    valid_from     = "2025-11-24"
    source         = "claude-pricing"
    input          = 5
    output         = 25
    cache_read     = 0.5
    cache_write_5m = 6.25
    cache_write_1h = 10
  }
}

model "opus-4-1" {
  name                = "Claude Opus 4.1"
  base_id             = "anthropic.claude-opus-4-1-20250805-v1:0"
  anthropic_id        = "claude-opus-4-1-20250805"
  family              = "opus"
  lifecycle           = "legacy"
  launched            = "2025-08-05"
  marketplace_product = "prod-w3q2d6rfge4tw"
  max_output_tokens   = 32000
  geo_factor          = 1
  note                = "Ends on 2027-01-08."
  source              = "card-opus-4-1"
  sources = {
    anthropic_id = "claude-models"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us = { id = "us.anthropic.claude-opus-4-1-20250805-v1:0", destinations = "us-three" }
  }

  price {
    valid_from     = "2025-08-05"
    source         = "claude-pricing"
    input          = 15
    output         = 75
    cache_read     = 1.5
    cache_write_5m = 18.75
    cache_write_1h = 30
  }
}

# Price lists of others also have jp. and au. profiles; all copies of AWS's card have us., eu. and global. only.
model "sonnet-5-5" {
  name                = "Claude Sonnet 5.5"
  base_id             = "anthropic.claude-sonnet-5-5"
  anthropic_id        = "claude-sonnet-5-5"
  family              = "sonnet"
  lifecycle           = "current"
  launched            = "2026-09-28"
  marketplace_product = "prod-pjfguoisodbd6"
  max_output_tokens   = 128000
  min_claude_code     = "2.1.284"
  geo_factor          = 1.1
  source              = "card-sonnet-5-5"
  sources = {
    anthropic_id    = "claude-sonnet-5-5"
    family          = "claude-code-models"
    geo_factor      = "claude-pricing"
    min_claude_code = "sonnet-5-5-claude-code"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-sonnet-5-5", destinations = "us" }
    eu     = { id = "eu.anthropic.claude-sonnet-5-5", destinations = "eu" }
    au     = { id = "au.anthropic.claude-sonnet-5-5", destinations = "au" }
    jp     = { id = "jp.anthropic.claude-sonnet-5-5", destinations = "jp" }
    global = { id = "global.anthropic.claude-sonnet-5-5", destinations = "global" }
  }

  price {
    valid_from     = "2026-09-28"
    source         = "claude-sonnet-5-5"
    input          = 2
    output         = 10
    cache_read     = 0.2
    cache_write_5m = 2.5
  }

  price {
    valid_from     = "2026-10-07"
    source         = "price-audit"
    input          = 2
    output         = 10
    cache_read     = 0.1
    cache_write_5m = 2.5
  }
}

# The card names the geographic profiles but not where they lead.
model "sonnet-5" {
  name                = "Claude Sonnet 5"
  base_id             = "anthropic.claude-sonnet-5"
  anthropic_id        = "claude-sonnet-5"
  family              = "sonnet"
  lifecycle           = "current"
  launched            = "2026-06-30"
  marketplace_product = "prod-4ezhkeia6k2cs"
  max_output_tokens   = 128000
  min_claude_code     = "2.1.197"
  geo_factor          = 1.1
  source              = "card-sonnet-5"
  sources = {
    anthropic_id    = "claude-models"
    family          = "claude-code-models"
    geo_factor      = "claude-pricing"
    min_claude_code = "claude-code-models"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-sonnet-5" }
    eu     = { id = "eu.anthropic.claude-sonnet-5" }
    au     = { id = "au.anthropic.claude-sonnet-5" }
    global = { id = "global.anthropic.claude-sonnet-5", destinations = "global" }
  }

  price {
    valid_from     = "2026-06-30"
    source         = "claude-pricing"
    input          = 2
    output         = 10
    cache_read     = 0.2
    cache_write_5m = 2.5
    cache_write_1h = 4
  }
}

model "sonnet-4-6" {
  name                = "Claude Sonnet 4.6"
  base_id             = "anthropic.claude-sonnet-4-6"
  anthropic_id        = "claude-sonnet-4-6"
  family              = "sonnet"
  lifecycle           = "current"
  launched            = "2026-02-17"
  marketplace_product = "prod-ffvjxvh4ltq64"
  max_output_tokens   = 64000
  geo_factor          = 1.1
  source              = "card-sonnet-4-6"
  sources = {
    anthropic_id = "claude-models"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-sonnet-4-6", destinations = "us" }
    eu     = { id = "eu.anthropic.claude-sonnet-4-6", destinations = "eu" }
    au     = { id = "au.anthropic.claude-sonnet-4-6", destinations = "au-with-new-zealand" }
    jp     = { id = "jp.anthropic.claude-sonnet-4-6", destinations = "jp" }
    global = { id = "global.anthropic.claude-sonnet-4-6", destinations = "global" }
  }

  price {
    valid_from     = "2026-02-17"
    source         = "claude-pricing"
    input          = 3
    output         = 15
    cache_read     = 0.3
    cache_write_5m = 3.75
    cache_write_1h = 6
  }
}

model "sonnet-4-5" {
  name                = "Claude Sonnet 4.5"
  base_id             = "anthropic.claude-sonnet-4-5-20250929-v1:0"
  anthropic_id        = "claude-sonnet-4-5-20250929"
  family              = "sonnet"
  lifecycle           = "current"
  launched            = "2025-09-30"
  marketplace_product = "prod-mxcfnwvpd6kb4"
  max_output_tokens   = 64000
  geo_factor          = 1.1
  source              = "card-sonnet-4-5"
  sources = {
    anthropic_id = "claude-models"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-sonnet-4-5-20250929-v1:0", destinations = "us-without-calgary" }
    eu     = { id = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", destinations = "eu" }
    au     = { id = "au.anthropic.claude-sonnet-4-5-20250929-v1:0", destinations = "au-with-new-zealand" }
    jp     = { id = "jp.anthropic.claude-sonnet-4-5-20250929-v1:0", destinations = "jp" }
    global = { id = "global.anthropic.claude-sonnet-4-5-20250929-v1:0", destinations = "global" }
  }

  price {
    valid_from     = "2025-09-30"
    source         = "claude-pricing"
    input          = 3
    output         = 15
    cache_read     = 0.3
    cache_write_5m = 3.75
    cache_write_1h = 6
  }
}

model "sonnet-4" {
  name                = "Claude Sonnet 4"
  base_id             = "anthropic.claude-sonnet-4-20250514-v1:0"
  anthropic_id        = "claude-sonnet-4-20250514"
  family              = "sonnet"
  lifecycle           = "legacy"
  launched            = "2025-05-23"
  marketplace_product = "prod-4pmewlybdftbs"
  max_output_tokens   = 64000
  geo_factor          = 1
  note                = "Ended in certain regions on 2026-10-14."
  source              = "card-sonnet-4"
  sources = {
    anthropic_id = "claude-models"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-sonnet-4-20250514-v1:0", destinations = "us-four" }
    eu     = { id = "eu.anthropic.claude-sonnet-4-20250514-v1:0", destinations = "eu-sonnet-4" }
    apac   = { id = "apac.anthropic.claude-sonnet-4-20250514-v1:0", destinations = "apac-sonnet-4" }
    global = { id = "global.anthropic.claude-sonnet-4-20250514-v1:0", destinations = "global-sonnet-4" }
  }

  price {
    valid_from     = "2025-05-23"
    source         = "claude-pricing"
    input          = 3
    output         = 15
    cache_read     = 0.3
    cache_write_5m = 3.75
    cache_write_1h = 6
  }
}

model "haiku-5-5" {
  name                = "Claude Haiku 5.5"
  base_id             = "anthropic.claude-haiku-5-5"
  anthropic_id        = "claude-haiku-5-5"
  family              = "haiku"
  lifecycle           = "current"
  launched            = "2026-10-07"
  marketplace_product = "prod-6cyn7tgqazjhu"
  max_output_tokens   = 128000
  geo_factor          = 1.1
  source              = "card-haiku-5-5"
  sources = {
    anthropic_id = "claude-haiku-5-5"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-haiku-5-5", destinations = "us" }
    eu     = { id = "eu.anthropic.claude-haiku-5-5", destinations = "eu" }
    au     = { id = "au.anthropic.claude-haiku-5-5", destinations = "au" }
    jp     = { id = "jp.anthropic.claude-haiku-5-5", destinations = "jp" }
    global = { id = "global.anthropic.claude-haiku-5-5", destinations = "global" }
  }

  price {
    valid_from         = "2026-10-07"
    source             = "claude-haiku-5-5"
    up_to_input_tokens = 100000
    input              = 0.1
    output             = 0.5
    cache_read         = 0.01
    cache_write_5m     = 0.125
  }

  # Longer prompts are dearer; by how much, no source says.
  price {
    valid_from = "2026-10-07"
    source     = "claude-haiku-5-5"
  }
}

model "haiku-4-5" {
  name                = "Claude Haiku 4.5"
  base_id             = "anthropic.claude-haiku-4-5-20251001-v1:0"
  anthropic_id        = "claude-haiku-4-5-20251001"
  family              = "haiku"
  lifecycle           = "current"
  launched            = "2025-10-16"
  marketplace_product = "prod-xdkflymybwmvi"
  max_output_tokens   = 64000
  geo_factor          = 1.1
  source              = "card-haiku-4-5"
  sources = {
    anthropic_id = "claude-models"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-haiku-4-5-20251001-v1:0", destinations = "us-without-calgary" }
    eu     = { id = "eu.anthropic.claude-haiku-4-5-20251001-v1:0", destinations = "eu" }
    au     = { id = "au.anthropic.claude-haiku-4-5-20251001-v1:0", destinations = "au-with-new-zealand" }
    jp     = { id = "jp.anthropic.claude-haiku-4-5-20251001-v1:0", destinations = "jp" }
    global = { id = "global.anthropic.claude-haiku-4-5-20251001-v1:0", destinations = "global" }
  }

  price {
    valid_from     = "2025-10-16"
    source         = "claude-pricing"
    input          = 1
    output         = 5
    cache_read     = 0.1
    cache_write_5m = 1.25
    cache_write_1h = 2
  }
}

# Claude Code already knows an id claude-fable-5-2; AWS has no card for it yet.
# The cards of Fable name the us. profile but not where it leads.
model "fable-5-1" {
  name                = "Claude Fable 5.1"
  base_id             = "anthropic.claude-fable-5-1"
  anthropic_id        = "claude-fable-5-1"
  family              = "fable"
  lifecycle           = "current"
  launched            = "2026-09-01"
  marketplace_product = "prod-lt3y75wunrtv4"
  max_output_tokens   = 128000
  geo_factor          = 1.1
  note                = "Needs the data retention mode aws_review; tfgen does not set it."
  data_retention      = "aws_review"
  source              = "card-fable-5-1"
  sources = {
    anthropic_id = "claude-pricing-5-1"
    family       = "claude-code-models"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-fable-5-1" }
    global = { id = "global.anthropic.claude-fable-5-1", destinations = "global" }
  }

  price {
    valid_from     = "2026-09-01"
    source         = "claude-pricing-5-1"
    input          = 10
    output         = 50
    cache_read     = 0.25
    cache_write_5m = 12.5
  }
}

model "fable-5" {
  name                = "Claude Fable 5"
  base_id             = "anthropic.claude-fable-5"
  anthropic_id        = "claude-fable-5"
  family              = "fable"
  lifecycle           = "current"
  launched            = "2026-06-09"
  marketplace_product = "prod-h6swdfybvty7y"
  max_output_tokens   = 128000
  min_claude_code     = "2.1.170"
  geo_factor          = 1.1
  note                = "Needs the data retention mode aws_review; tfgen does not set it."
  data_retention      = "aws_review"
  source              = "card-fable-5"
  sources = {
    anthropic_id    = "claude-models"
    family          = "claude-code-models"
    geo_factor      = "claude-pricing"
    min_claude_code = "claude-code-models"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-fable-5" }
    global = { id = "global.anthropic.claude-fable-5", destinations = "global" }
  }

  price {
    valid_from     = "2026-06-09"
    source         = "claude-pricing"
    input          = 10
    output         = 50
    cache_read     = 1
    cache_write_5m = 12.5
    cache_write_1h = 20
  }
}

model "mythos-5-1" {
  name                = "Claude Mythos 5.1"
  base_id             = "anthropic.claude-mythos-5-1"
  anthropic_id        = "claude-mythos-5-1"
  family              = "mythos"
  lifecycle           = "gated"
  launched            = "2026-09-01"
  marketplace_product = "prod-k24dbcuykobku"
  max_output_tokens   = 128000
  geo_factor          = 1.1
  note                = "Needs the data retention mode provider_data_share; tfgen does not set it."
  data_retention      = "provider_data_share"
  source              = "card-mythos-5-1"
  sources = {
    anthropic_id = "claude-pricing-5-1"
    geo_factor   = "claude-pricing"
  }

  profiles = {
    us     = { id = "us.anthropic.claude-mythos-5-1" }
    global = { id = "global.anthropic.claude-mythos-5-1", destinations = "global" }
  }

  price {
    valid_from     = "2026-09-01"
    source         = "claude-pricing-5-1"
    input          = 10
    output         = 50
    cache_read     = 0.25
    cache_write_5m = 12.5
    cache_write_1h = 20
  }
}

# No profile: the model is served by bedrock-mantle alone.
model "mythos-5" {
  name                = "Claude Mythos 5"
  base_id             = "anthropic.claude-mythos-5"
  anthropic_id        = "claude-mythos-5"
  family              = "mythos"
  lifecycle           = "gated"
  launched            = "2026-06-09"
  marketplace_product = "prod-kyryzgfmbtwtc"
  max_output_tokens   = 128000
  geo_factor          = 1.1
  note                = "Only on the bedrock-mantle endpoint, which is never logged."
  source              = "card-mythos-5"
  sources = {
    anthropic_id = "claude-models"
    geo_factor   = "claude-pricing"
  }

  price {
    valid_from     = "2026-06-09"
    source         = "claude-pricing"
    input          = 10
    output         = 50
    cache_read     = 1
    cache_write_5m = 12.5
    cache_write_1h = 20
  }
}
