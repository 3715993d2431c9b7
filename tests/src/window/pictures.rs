//! Pictures of the window: light and dark, wide and narrow.

use super::{NARROW, WIDE, Window, driver::artefacts};
use crate::trouble::{Result, Trouble};
use serde_json::json;

impl Window {
    /// Shows the page in light or dark colours, as the computer's own setting would.
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn colours(&self, scheme: &str) -> Result<()> {
        let script = "document.documentElement.setAttribute('data-mantine-color-scheme', arguments[0])";
        self.run(script, vec![json!(scheme)]).await?;
        self.settle().await
    }

    /// One picture of the window, as it is.
    ///
    /// # Errors
    /// [`Trouble::Command`], [`Trouble::Io`].
    pub async fn picture(&self, name: &str) -> Result<()> {
        self.settle().await?;
        let png = self.client().screenshot().await?;
        let folder = artefacts();
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{name}.png")), png)?)
    }

    /// Four pictures: light and dark, wide and narrow. Afterwards the window is wide and light again.
    ///
    /// # Errors
    /// As [`Window::picture`].
    pub async fn pictures(&self, name: &str) -> Result<()> {
        for (size, width) in [(NARROW, "narrow"), (WIDE, "wide")] {
            self.resize(size).await?;
            // Charts are drawn anew by their place's observer, a frame after it has changed.
            self.settle().await?;
            for scheme in ["dark", "light"] {
                self.colours(scheme).await?;
                self.picture(&format!("{name}-{width}-{scheme}")).await?;
                self.fits(name, width).await?;
            }
        }
        Ok(())
    }

    /// Nothing may be wider than the window: a page never scrolls sideways.
    async fn fits(&self, name: &str, width: &str) -> Result<()> {
        let over = self
            .run("const root = document.documentElement; return root.scrollWidth - root.clientWidth", Vec::new())
            .await?;
        match over.as_i64() {
            Some(over) if over > 0 => Err(Trouble::NotSeen {
                what: format!("{name} ({width}) without {over} pixels too much"),
                page: String::new(),
            }),
            Some(_) | None => Ok(()),
        }
    }
}
