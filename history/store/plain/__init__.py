"""The plant and its hours and days as plain rows, for spreadsheets, Grafana and SQL.

Nothing in Clearwell reads them to decide anything. All but laboratory values can be made anew from what history holds.
"""
