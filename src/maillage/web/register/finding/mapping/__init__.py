"""The map of initiatives: points and areas for the script, a picture and a table for everybody.

`views`    the page, what its script asks for, the initiatives of one place
`data`     points, and how many initiatives cover each commune
`spots`    how many take place in each department
`picture`  the map as one picture drawn by the server
"""
