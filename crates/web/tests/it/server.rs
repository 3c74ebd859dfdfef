//! The site on a real socket: who is slow, who asks only for the head, who invents methods.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::county::County;

/// Runs the site while `visit` works, and stops it.
fn served(visit: impl FnOnce(SocketAddr) + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let county = County::new(None).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = async move { drop(stopped.await) };
        let router = web::router(std::sync::Arc::clone(&county.app));
        let burden = web::Burden { connections: 8, head: Duration::from_secs(2) };
        let served = tokio::spawn(web::serve(listener, router, ended, burden));
        tokio::task::spawn_blocking(move || visit(address)).await.unwrap();
        stop.send(()).unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(20), served).await;
        ended.expect("it stops").unwrap().unwrap();
    });
}

fn said(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn asked(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
}

#[test]
fn a_head_is_a_page_without_its_body() {
    served(|address| {
        let ask = |method: &str, path: &str| {
            said(
                address,
                &format!("{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
            )
        };
        for path in ["/", "/about", "/api/v1/places.csv", "/no-such-page"] {
            let (page, head) = (ask("GET", path), ask("HEAD", path));
            let (of_page, of_head) = (page.split("\r\n\r\n"), head.split("\r\n\r\n"));
            let names = |text: &str| -> Vec<String> {
                let lines = text.lines().skip(1).map(|l| l.split(':').next().unwrap().to_owned());
                let mut names: Vec<String> = lines
                    .filter(|name| {
                        !["content-length", "date", "set-cookie"].contains(&name.as_str())
                    })
                    .collect();
                names.sort();
                names
            };
            let (page, head) = (of_page.clone().next().unwrap(), of_head.clone().next().unwrap());
            assert_eq!(page.lines().next(), head.lines().next(), "{path}");
            assert_eq!(names(page), names(head), "{path}");
            assert!(of_page.skip(1).any(|body| !body.is_empty()), "{path}");
            assert!(of_head.skip(1).all(str::is_empty), "{path}");
        }
    });
}

#[test]
fn invented_methods_are_refused_and_leave_no_row_in_the_figures() {
    served(|address| {
        for method in ["PUT", "DELETE", "TRACE", "PATCH", "OPTIONS", "INVENTED", "get"] {
            for path in ["/", "/sign-in", "/office", "/api/v1/places.json"] {
                let answer = said(address, &asked(method, path));
                let status = answer.split(' ').nth(1).unwrap_or_default();
                assert!(
                    ["405", "404", "401", "400"].contains(&status),
                    "{method} {path}: {status}"
                );
            }
        }
        // A method that another field names is no method.
        let hidden =
            asked("GET", "/sign-in").replace("host: a", "host: a\r\nx-http-method-override: POST");
        assert!(said(address, &hidden).starts_with("HTTP/1.1 200"));
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let county = County::new(None).await;
        for at in 0..50 {
            let request = axum::http::Request::builder().method(format!("M{at}").as_str()).uri("/");
            county.send(request.body(axum::body::Body::empty()).unwrap()).await;
        }
        let figures = county.app.metrics.text();
        assert!(!figures.contains("M7") && figures.contains("method=\"-\""), "{figures}");
    });
}

/// More of them than there are places: as many as were let in keep the others waiting for two seconds.
#[test]
fn whoever_sends_no_more_is_let_go_and_others_are_served() {
    served(|address| {
        let slow: Vec<TcpStream> = (0..12)
            .map(|at| {
                let mut slow = TcpStream::connect(address).unwrap();
                slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                // Some say nothing at all.
                let begun = if at % 2 == 0 { "GET / HTTP/1.1\r\nhost: a\r\nx-slow: " } else { "" };
                slow.write_all(begun.as_bytes()).unwrap();
                slow
            })
            .collect();
        let page = said(address, &asked("GET", "/about"));
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        for mut stream in slow {
            let mut rest = Vec::new();
            let ended = stream.read_to_end(&mut rest);
            // Whoever waited in vain for 20 seconds got an error of another kind.
            let let_go = ended.is_ok_and(|_| !rest.starts_with(b"HTTP/1.1 200"));
            assert!(let_go, "{}", String::from_utf8_lossy(&rest));
        }
    });
}

#[test]
fn a_head_without_end_is_refused() {
    served(|address| {
        let long = "a".repeat(200_000);
        let answer = said(address, &format!("GET / HTTP/1.1\r\nhost: a\r\nx-long: {long}\r\n\r\n"));
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
        let many: String = (0..300).map(|at| format!("x-{at}: a\r\n")).collect();
        let answer = said(address, &format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n"));
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    });
}
