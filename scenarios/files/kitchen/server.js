const express = require('express')
const app = express()
app.get('/', (request, response) => response.send('Soup of the day: tomato\n'))
app.listen(3000)
