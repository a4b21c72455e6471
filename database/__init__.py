"""SQL databases: engines, policies for damaged files, migrations, and the one MetaData. Imports nothing of ours."""
