"""What the commands print and draw: records for JSON, tables for people, figures."""
