//! The server of a process: one port, the routes of its services, and what every server has.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use contracts::Service;
use contracts::problems::common;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Auth;
use super::boundary::boundary;
use super::docs::{Documents, Routes, prefix};
use super::limits::Limits;
use super::ops::{self, Readiness, Stopping};
use super::path;
use super::permit::Gate;
use super::problem::Problem;
use super::root_span::RootSpan;
use crate::config::HttpConfig;
use crate::lifecycle::Lifecycle;

type AddData = Arc<dyn Fn(&mut ServiceConfig<'_>) + Send + Sync>;

/// The HTTP side of one service: its routes and the state its handlers take as `Data<…>`. Data is registered in the
/// service's own scope, so that services in one process never see each other's.
#[derive(Clone)]
pub struct ServiceApi {
    service: Service,
    routes: Routes,
    data: Vec<AddData>,
}

impl ServiceApi {
    /// The routes of a service: `ServiceApi::new(Service::Intake, routes::configure)`.
    #[must_use]
    pub fn new(service: Service, routes: Routes) -> Self {
        Self {
            service,
            routes,
            data: Vec::new(),
        }
    }

    /// Gives the service's handlers a state, which they take as `Data<T>`.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, state: Arc<T>) -> Self {
        let data = web::Data::from(state);
        self.data.push(Arc::new(move |config| {
            config.app_data(data.clone());
        }));
        self
    }

    fn configure(&self, config: &mut ServiceConfig<'_>) {
        for add in &self.data {
            add(config);
        }
        (self.routes)(config);
    }
}

/// A server that is put together.
pub struct Server {
    config: HttpConfig,
    auth: Auth,
    readiness: Readiness,
    services: Vec<ServiceApi>,
}

impl Server {
    /// A server without services.
    #[must_use]
    pub fn new(config: &HttpConfig, auth: Auth, readiness: Readiness) -> Self {
        Self {
            config: config.clone(),
            auth,
            readiness,
            services: Vec::new(),
        }
    }

    /// Adds a service.
    #[must_use]
    pub fn service(mut self, service: ServiceApi) -> Self {
        self.services.push(service);
        self
    }

    /// Binds the address, starts to answer, and stops with the lifecycle: on a soft stop it takes no new connection and
    /// finishes the requests under way. Gives the address, with the port taken when the configured one is 0.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub fn start(self, lifecycle: &Lifecycle) -> io::Result<SocketAddr> {
        let Self {
            config,
            auth,
            readiness,
            services,
        } = self;
        let gate = web::Data::new(Gate {
            auth: auth.clone(),
            limits: Limits::new(&config),
            config: config.clone(),
        });
        {
            let auth = auth.clone();
            readiness.register("auth.keys", move || {
                let ready = auth.is_ready();
                async move {
                    if ready {
                        Ok(())
                    } else {
                        Err("no key of the issuer was read yet")
                    }
                }
            });
        }
        let readiness = web::Data::new(readiness);
        let stopping = web::Data::new(Stopping(lifecycle.soft().clone()));
        let routes: Vec<(Service, Routes)> = services
            .iter()
            .map(|api| (api.service, api.routes))
            .collect();
        let documents = Documents::of(&routes);
        let server = HttpServer::new(move || {
            let mut app = App::new().into_utoipa_app();
            for api in &services {
                let scope = utoipa_actix_web::scope::scope(web::scope(&prefix(api.service)));
                app = app.service(scope.configure(|config| api.configure(config)));
            }
            app.into_app()
                .configure(|config| documents.routes(config))
                .configure(ops::routes)
                .default_service(web::to(nowhere))
                .app_data(web::Data::new(documents.clone()))
                .app_data(gate.clone())
                .app_data(readiness.clone())
                .app_data(stopping.clone())
                .app_data(path::config())
                .wrap(from_fn(boundary))
                .wrap(TracingLogger::<RootSpan>::new())
        });
        let server = if config.workers == 0 {
            server
        } else {
            server.workers(config.workers)
        };
        let server = server
            .disable_signals()
            .keep_alive(config.keep_alive)
            .client_request_timeout(config.request_timeout)
            .shutdown_timeout(config.shutdown_timeout.as_secs())
            .bind(config.listen)?;
        let address = server.addrs().first().copied().unwrap_or(config.listen);
        let running = server.run();
        let handle = running.handle();
        let soft = lifecycle.soft().clone();
        lifecycle.spawn("http", running);
        lifecycle.spawn("http-stop", async move {
            soft.cancelled().await;
            handle.stop(true).await;
            Ok::<(), io::Error>(())
        });
        lifecycle.spawn("auth-keys", auth.keep_fresh(lifecycle.soft().clone()));
        tracing::info!(address = %address, "listening");
        Ok(address)
    }
}

/// What is asked where no route answers: 405 when the path exists with another method, else 404.
async fn nowhere(
    request: HttpRequest,
    documents: web::Data<Documents>,
) -> Result<HttpResponse, Problem> {
    let Some(pattern) = request
        .match_pattern()
        .filter(|_| request.resource_map().has_resource(request.path()))
    else {
        return Err(Problem::new(&common::NOT_FOUND));
    };
    let problem = Problem::new(&common::METHOD_NOT_ALLOWED);
    Err(
        match header::HeaderValue::from_str(documents.allow(&pattern)) {
            Ok(allow) => problem.header(header::ALLOW, allow),
            Err(_unprintable) => problem,
        },
    )
}
