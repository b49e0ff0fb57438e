// Swagger UI over the program's own document. A change is sent with the session's request token, as the pages do.
(function () {
  var token = null;
  function withToken(request) {
    if (request.method === undefined || request.method === 'GET') return request;
    if (token !== null) request.headers['X-CSRF-Token'] = token;
    return request;
  }
  fetch('./api/auth/session')
    .then(function (answer) {
      return answer.json();
    })
    .then(function (session) {
      token = session.csrf_token;
    })
    .catch(function () {})
    .then(function () {
      window.SwaggerUIBundle({
        url: './openapi.json',
        dom_id: '#docs',
        deepLinking: true,
        docExpansion: 'list',
        defaultModelsExpandDepth: 0,
        validatorUrl: null,
        queryConfigEnabled: false,
        requestInterceptor: withToken,
      });
    });
})();
