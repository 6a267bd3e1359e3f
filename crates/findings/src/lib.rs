//! A finding as a value, and how findings are shown: to people, as JSON, SARIF, JUnit, GitHub annotations and Markdown.
