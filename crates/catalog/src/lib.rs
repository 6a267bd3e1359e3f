//! What is known of Claude on Amazon Bedrock: models, geographies, destination regions, prices, with dates and sources.
